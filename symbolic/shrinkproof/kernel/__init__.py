"""The trusted part: terms, their normal forms, and the rules that make theorems."""

from shrinkproof.kernel.rules import *  # noqa: F403
from shrinkproof.kernel.term import Term as Term
from shrinkproof.kernel.term import TermError as TermError
