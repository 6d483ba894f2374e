"""What can go wrong, each with the exit code that scripts rely on."""


class VertebraError(Exception):
    """A failure that is explained to the person at the screen, never a traceback.

    Parameters
    ----------
    message : str
        Where, what, what is allowed and what to do; never another value of a patient.
    """

    exit_code = 1


class SourceUnreadable(VertebraError):
    """The source cannot be read as declared, or the command was misused."""

    exit_code = 2


class IdentifiersFound(VertebraError):
    """Something identifying stands in the source: nothing of it is kept."""

    exit_code = 3


class LoadRefused(VertebraError):
    """A fatal finding, or more refused rows than the threshold allows."""

    exit_code = 4


class WarehouseUnavailable(VertebraError):
    """The warehouse is missing, busy, damaged, or of another schema version."""

    exit_code = 5
