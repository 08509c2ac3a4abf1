"""A mail server (aiosmtpd) that misbehaves as it is told.

    server.py FOLDER OPTIONS

OPTIONS is JSON. What arrives is written to FOLDER: `arrived.jsonl` (sender, recipients, file), the texts
themselves, and `steps.jsonl` (what the client said, in order). The port is printed when it listens.

  tls          "starttls", "implicit" or absent
  certificate  "good" (signed by the authority in FOLDER/ca.pem), "self" (by nobody), "other" (another name)
  login        [user, password] that is accepted; any other is refused
  answers      {step: [answer, ...]}: in turn, then as usual; an empty answer is the usual one
  refuse       {address: answer} to RCPT
  silent       the step at which it says nothing more
  drop         the step at which it closes the connection: "DATA" before the text, "TEXT" after it
  slow         seconds between the text and its answer
"""

import asyncio
import json
import pathlib
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

folder = pathlib.Path(sys.argv[1])
options = json.loads(sys.argv[2])


def note(name, **what):
    with open(folder / name, "a") as file:
        file.write(json.dumps(what) + "\n")


def answer(step):
    answers = options.get("answers", {}).get(step, [])
    return answers.pop(0) if answers else ""


class Handler:
    arrived = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        refused = options.get("refuse", {}).get(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        said = answer("TEXT")
        if options.get("silent") == "TEXT":
            await asyncio.sleep(3600)
        if said:
            return said
        Handler.arrived += 1
        name = f"{Handler.arrived}.eml"
        (folder / name).write_bytes(envelope.original_content)
        note("arrived.jsonl", sender=envelope.mail_from, to=envelope.rcpt_tos, file=name)
        await asyncio.sleep(options.get("slow", 0))
        if options.get("drop") == "TEXT":
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    wanted = [part.encode() for part in options["login"]]
    given = [data.login, data.password]
    return AuthResult(success=given == wanted, handled=given == wanted)


class Server(SMTP):
    def connection_made(self, transport):
        note("steps.jsonl", step="CONNECT")
        super().connection_made(transport)

    async def _handle_client(self):
        if options.get("silent") == "CONNECT":
            await asyncio.sleep(3600)
        await super()._handle_client()


def misbehaving(step):
    usual = getattr(SMTP, f"smtp_{step}")

    async def handle(self, arg):
        note("steps.jsonl", step=step, tls=bool(self._tls_protocol))
        if options.get("silent") == step:
            await asyncio.sleep(3600)
        said = answer(step)
        if said:
            return await self.push(said)
        if options.get("drop") == step:
            if step == "DATA":
                await self.push("354 go on")
            self.transport.close()
            return None
        return await usual(self, arg)

    for mark in ("__smtp_syntax__", "__smtp_syntax_extended__", "__smtp_syntax_when__"):
        if hasattr(usual, mark):
            setattr(handle, mark, getattr(usual, mark))
    return handle


for step in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT"):
    setattr(Server, f"smtp_{step}", misbehaving(step))


def protection():
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    kind = options.get("certificate", "good")
    issuer = trustme.CA() if kind == "self" else authority
    names = ["elsewhere.example"] if kind == "other" else ["localhost", "127.0.0.1"]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    issuer.issue_cert(*names).configure_cert(context)
    return context


async def main():
    tls = options.get("tls")
    context = protection() if tls else None
    login = "login" in options

    def serve():
        return Server(
            Handler(),
            hostname="mail.example",
            enable_SMTPUTF8=True,
            data_size_limit=options.get("limit", 33554432),
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            authenticator=authenticate if login else None,
            auth_required=login,
            auth_require_tls=bool(tls) and tls != "implicit",
        )

    loop = asyncio.get_running_loop()
    secure = context if tls == "implicit" else None
    listening = await loop.create_server(serve, "127.0.0.1", 0, ssl=secure)
    print(listening.sockets[0].getsockname()[1], flush=True)
    # Whoever started this holds the other end of stdin: it ends with them.
    await loop.run_in_executor(None, sys.stdin.read)
    loop.stop()


try:
    asyncio.run(main())
except (KeyboardInterrupt, RuntimeError):
    pass
