"""Maximum likelihood of a mixture with known components: the solver behind the NPMLE.

Maximises sum_i w_i log(sum_j A[i, j] p_j) over p >= 0, sum p = 1, where A[i, j] is 1
when support j could explain observation i. Constrained Newton: a quadratic model of the
likelihood is solved exactly over p >= 0 by an active set that starts from the last one,
followed by a line search; the optimum is proved by its gap, not assumed.

References
----------
Wang 2007, J R Stat Soc B 69:185-198, https://doi.org/10.1111/j.1467-9868.2007.00583.x
Wang 2008, Comput Stat Data Anal 52:2388-2402 (interval-censored data).
"""

from dataclasses import dataclass

import numpy as np

TARGET_GAP = 1e-10
ALLOWED_GAP = 1e-9
MAX_ITERATIONS = 500
# A rise of the mean log-likelihood smaller than this cannot be told from rounding.
ROUNDING = 1e-14


@dataclass(frozen=True)
class Mixture:
    """The maximum: masses, shape (n_supports,), and the proof of it.

    gap : no p has a mean log-likelihood (per unit of weight) higher by more than this.
    """

    masses: np.ndarray
    log_likelihood: float
    gap: float


def maximise(explains: np.ndarray, weights: np.ndarray) -> Mixture:
    """Return the masses of greatest likelihood.

    Parameters
    ----------
    explains : array of bool, shape (n_observations, n_supports)
        Each row holds at least one True.
    weights : array of float, shape (n_observations,)
        Each > 0.

    Raises
    ------
    ArithmeticError
        If the optimality gap does not fall below 1e-9.
    """
    matrix = explains.astype(float)
    share = weights / weights.sum()
    masses = _covering_masses(matrix, share)
    for _ in range(MAX_ITERATIONS):
        fitted = matrix @ masses
        gradient = matrix.T @ (share / fitted)
        gap = float(gradient.max() - 1)
        if gap < TARGET_GAP:
            break
        moved = _newton_step(matrix, share, masses, gradient)
        if moved is None:
            break
        masses = moved
    if gap > ALLOWED_GAP:
        raise ArithmeticError(f"the likelihood was not maximised: a gap of {gap:.2g} is left")
    log_likelihood = float(weights @ np.log(fitted))
    return Mixture(masses, log_likelihood, max(gap, 0.0))


def _covering_masses(matrix: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return a sparse start that gives every observation a positive likelihood."""
    masses = np.zeros(matrix.shape[1])
    waiting = share.copy()
    while waiting.any():
        explained = waiting @ matrix
        best = int(np.argmax(explained))
        masses[best] = explained[best]
        waiting[matrix[:, best] > 0] = 0
    return masses / masses.sum()


def _newton_step(
    matrix: np.ndarray, share: np.ndarray, masses: np.ndarray, gradient: np.ndarray
) -> np.ndarray | None:
    """Return masses of greater likelihood, or None when rounding leaves none to find."""
    candidates = _candidates(masses, gradient)
    columns = matrix[:, candidates]
    fitted = columns @ masses[candidates]
    scaled = columns * (np.sqrt(share) / fitted)[:, None]
    target = _solve_quadratic(scaled.T @ scaled, 2 * gradient[candidates] - 1, masses[candidates])
    step = np.zeros_like(masses)
    step[candidates] = target - masses[candidates]
    return _search_line(matrix, share, masses, step, gradient)


def _candidates(masses: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Return the supports in use and the steepest between each two of them."""
    used = masses > 0
    stretch = np.cumsum(used)
    steepest: dict[int, int] = {}
    for support in np.flatnonzero(~used & (gradient > 1)):
        best = steepest.setdefault(int(stretch[support]), int(support))
        if gradient[support] > gradient[best]:
            steepest[int(stretch[support])] = int(support)
    used[list(steepest.values())] = True
    return np.flatnonzero(used)


def _solve_quadratic(hessian: np.ndarray, linear: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return q >= 0 that minimises q'Hq / 2 - linear'q, from a feasible start.

    Active set: solve on the free set, step until a mass reaches 0, drop it, repeat;
    then free what would still gain.
    """
    solution, free = start.copy(), start >= 0
    for _ in range(10 * len(start) + 10):
        wanted = _solve_free(hessian, linear, free)
        falling = free & (wanted <= 0)
        if falling.any():
            solution, free = _step_to_boundary(solution, wanted, free, falling)
            continue
        solution = wanted
        gain = np.where(free, 0, linear - hessian @ solution)
        if gain.max(initial=0) <= 1e-12:
            break
        free[int(np.argmax(gain))] = True
    return solution


def _solve_free(hessian: np.ndarray, linear: np.ndarray, free: np.ndarray) -> np.ndarray:
    wanted = np.zeros_like(linear)
    inside = hessian[np.ix_(free, free)]
    try:
        wanted[free] = np.linalg.solve(inside, linear[free])
    except np.linalg.LinAlgError:
        wanted[free] = np.linalg.lstsq(inside, linear[free], rcond=None)[0]
    return wanted


def _step_to_boundary(
    solution: np.ndarray, wanted: np.ndarray, free: np.ndarray, falling: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    lost = solution - wanted
    reach = np.full(len(solution), np.inf)
    reach[falling] = np.divide(
        solution[falling], lost[falling], out=np.zeros(falling.sum()), where=lost[falling] > 0
    )
    moved = np.where(free, solution + reach.min() * (wanted - solution), 0)
    stays = free & (reach > reach.min()) & (moved > 0)
    return np.where(stays, moved, 0), stays


def _search_line(
    matrix: np.ndarray,
    share: np.ndarray,
    masses: np.ndarray,
    step: np.ndarray,
    gradient: np.ndarray,
) -> np.ndarray | None:
    """Halve the step until the likelihood rises by a third of what its slope promises."""
    fitted, change = matrix @ masses, matrix @ step
    slope = float((gradient - 1) @ step)
    length = 1.0
    for _ in range(50):
        growth = length * change / fitted
        if (growth > -1).all():
            rise = share @ np.log1p(growth) - length * step.sum()
            if rise >= length * slope / 3 - ROUNDING:
                moved = np.maximum(masses + length * step, 0)
                return moved / moved.sum()
        length /= 2
    return None
