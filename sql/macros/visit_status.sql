-- Whether a procedure is due at a visit: the one definition, for every count of who was asked.
--
-- Due:     endpoints.md E9 and ruling 17: alive and not treated again at the close of the visit's
--          window, and observed to it.
-- Returns: 'treated_again' (a later completed procedure by the close), 'died' (by the close, before
--          any later procedure), 'not_yet' (observed for less, or not known), 'due'.
-- Columns: one word.
create or replace macro visit_status(closes, death, next_procedure, observed_through) as
    case
        when next_procedure <= least(closes, coalesce(death, closes)) then 'treated_again'
        when death <= closes then 'died'
        when observed_through >= closes then 'due'
        else 'not_yet'
    end
