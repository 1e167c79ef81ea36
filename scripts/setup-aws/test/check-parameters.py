"""Holds commands to the AWS CLI's own description of them, without calling AWS: a JSON array of their words on stdin.

The CLI parses and validates each command and makes the request of it; what would send the request answers instead.
"""

import contextlib
import io
import json
import os
import sys

os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_EC2_METADATA_DISABLED="true")

from awscli.clidriver import create_clidriver  # noqa: E402


class Answer:
    status_code = 200


sent = []


def answer(model, **_):
    sent.append(model.name)
    return Answer(), {}


driver = create_clidriver()
driver.session.register("before-call", answer)
wrong = 0
for words in json.load(sys.stdin):
    said = io.StringIO()
    before = len(sent)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        try:
            code = driver.main(words)
        except SystemExit as end:
            code = end.code
    # Nothing sent means that the CLI did not take the command, whatever its exit code is.
    if code != 0 or len(sent) == before:
        wrong += 1
        print(" ".join(words), said.getvalue().strip()[-600:], file=sys.stderr)
print(f"{len(sent)} commands are as the CLI knows them")
sys.exit(1 if wrong else 0)
