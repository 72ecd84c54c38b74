"""Coverage-guided fuzzing of both readers, where atheris is installed (``pip install atheris``):

    python tests/symbolic/fuzz_certificates.py -max_total_time=600 proofs/certificates

It stops at the first input on which a checker does anything but answer, or the two disagree.
"""

import sys

import atheris

with atheris.instrument_imports(include=["shrinkproof"]):
    from shrinkproof import checker
    from shrinkproof.export.certificate import CertificateError, parse
    from shrinkproof.export.recheck import OutOfTime, limited
    from shrinkproof.export.replay import replay
    from shrinkproof.kernel import ProofError


def accepted_by_the_kernel(raw: bytes) -> bool:
    try:
        with limited(20):
            replay(parse(raw))
    except (CertificateError, ProofError, OutOfTime):
        return False
    return True


def accepted_by_the_standalone_checker(raw: bytes) -> bool:
    try:
        checker.check(checker.load(raw))
    except checker.Refused:
        return False
    return True


def one_input(raw: bytes) -> None:
    if accepted_by_the_kernel(raw) != accepted_by_the_standalone_checker(raw):
        raise RuntimeError("the checkers disagree")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
