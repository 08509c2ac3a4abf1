"""What a mail says, read by Python's `email`: JSON of headers and parts."""

import email
import email.policy
import json
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
parts = []
for part in message.walk():
    if not part.is_multipart():
        content = part.get_content()
        parts.append(
            {
                "type": part.get_content_type(),
                "file": part.get_filename(),
                "content": content if isinstance(content, str) else content.decode("utf-8"),
            }
        )
defects = [str(defect) for part in message.walk() for defect in part.defects]
print(json.dumps({"headers": {k.lower(): str(v) for k, v in message.items()}, "parts": parts, "defects": defects}))
