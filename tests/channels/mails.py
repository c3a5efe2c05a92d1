"""Mails that have hurt other programs (PROMISES 8.7), and a plain one to compare with."""

PLAIN = (
    b"From: Ana Lee <ana@example.com>\r\nTo: care@desk.example\r\nSubject: My order\r\n"
    b"Message-ID: <1@example.com>\r\nDate: Sun, 3 May 2026 10:00:00 +0200\r\n\r\nWhere is it?\r\n"
)


def nested(depth: int) -> bytes:
    """Nest multiparts."""
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"From: ana@example.com\r\n" + b"".join(levels) + b"\r\nhello"


def html(body: bytes) -> bytes:
    """Wrap HTML into a mail."""
    return b"From: ana@example.com\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body


BOMBS: dict[str, bytes] = {
    "parts nested 300 deep": nested(300),
    "parts nested 1,000 deep": nested(1_000),
    "mails inside mails, 1,000 deep": b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"x",
    "20,000 recipients": b"From: a@b.c\r\nTo: " + b"ana@example.com, " * 20_000 + b"\r\n\r\nx",
    "20,000 quotes": b"From: a@b.c\r\nTo: " + b'"' * 20_000 + b"\r\n\r\nx",
    "20,000 brackets": b"From: " + b"<(" * 20_000 + b"\r\n\r\nx",
    "20,000 encoded words": b"From: a@b.c\r\nSubject: " + b"=?utf-8?q?aaaaaa?= " * 20_000 + b"\r\n\r\nx",
    "20,000 parameter pieces": b"Content-Type: a/b;" + b"".join(b" n*%d=x;" % n for n in range(20_000)) + b"\r\n\r\nx",
    "200,000 parts": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 200_000,
    "a header of 5 MB": b"Subject: " + b"a" * 5_000_000 + b"\r\n\r\nx",
    "a header of a million lines": b"Subject: a\r\n" + b" a\r\n" * 1_000_000 + b"\r\nx",
    "a million headers": b"X: a\r\n" * 1_000_000 + b"\r\nx",
    "HTML nested 100,000 deep": html(b"<div>" * 100_000 + b"x"),
    "tables nested 5,000 deep": html(b"<table><tr><td>" * 5_000 + b"x"),
    "a table cell over a billion columns": html(
        b"<table><tr><td colspan=999999999 rowspan=999999999>x</td></tr></table>"
    ),
    "HTML padding by the million": html(b"<p style='padding-left:9999999px;margin-top:9999999em'>x</p>" * 10),
    "unclosed style elements": html(b"<style>" * 50_000),
    "NUL bytes": b"From: a@b.c\r\nSubject: \x00\x00\r\n\r\n" + b"\x00" * 100_000,
    "a year that is none": b"From: a@b.c\r\nDate: Mon, 99 Foo 99999999999999 99:99:99 +9999\r\n\r\nx",
    "a zone that is none": b"From: a@b.c\r\nDate: Mon, 1 Jan 2024 00:00:00 +99999999\r\n\r\nx",
    "no line end at all": b"x" * 100_000,
    "old Mac line ends": PLAIN.replace(b"\r\n", b"\r"),
    "bytes of every kind": bytes(range(256)) * 200,
    "only a boundary": b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--",
}
