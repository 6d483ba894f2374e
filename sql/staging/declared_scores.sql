-- The scale of each instrument, as the schema declares it.
--
-- Grain:   one row per instrument.
-- Columns:
--   instrument  instrument_word
--   low         double   lowest score
--   high        double   highest score
--   is_whole    boolean  scores have no fraction
create table declared_scores (
    instrument instrument_word,
    low double,
    high double,
    is_whole boolean
)
