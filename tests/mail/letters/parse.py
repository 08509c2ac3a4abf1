"""Reads mails with Python's own parser, which nobody here wrote; one JSON object a mail."""

import email
import email.policy
import json
import sys

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = (
        message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")
    )
    files = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True).decode("utf-8")
        files.append([part.get_filename(), part.get_content_type(), content])
    defects = [str(defect) for part in message.walk() for defect in part.defects]
    print(
        json.dumps(
            {
                "headers": [[name, str(value)] for name, value in message.items()],
                "types": [part.get_content_type() for part in message.walk()],
                "text": text,
                "html": html,
                "files": files,
                "defects": defects,
                "longest_line": max(len(line) for line in raw.split(b"\r\n")),
                "bare": sum(raw.replace(b"\r\n", b"").count(end) for end in (b"\r", b"\n")),
            }
        )
    )
