"""Judges a case and writes nothing: the part of `landproof assess` that grows with the ledger."""

import sys
from pathlib import Path

from landproof.casefile.case import open_case
from landproof.run.inputs import judge_request, request_of

case = open_case(Path(sys.argv[1]))
judged = judge_request(case, request_of(case, stage="apply", as_of=None, readings={}))
print(judged.findings.height)
