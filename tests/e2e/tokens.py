"""Person assertions made by hand, with whatever is wrong in them that a test wants (api.md §11)."""
import base64
import json
import os
import time

from stage import ceremony, desks, pki, run
from stage.region import BROKER_ID

LIFETIME = 240


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def claims_of(stage, desk, person, certificate=None, **changes):
    """What the desk's identity provider would assert now; a change to None leaves a claim out."""
    now = int(time.time())
    thumbprint = pki.thumbprint(certificate or stage.state.desk(desk) / "tls.pem")
    claims = {"iss": ceremony.issuer(desk), "sub": person.staff, "aud": BROKER_ID, "azp": "sluis", "iat": now,
              "exp": now + LIFETIME, "oin": desk.oin, "cnf": {"x5t#S256": base64url(bytes.fromhex(thumbprint))},
              "unit": desk.unit, "roles": desks.approval_roles(person), "acr": "http://eidas.europa.eu/LoA/substantial",
              "jti": base64url(os.urandom(16))}
    claims.update(changes)
    return {name: value for name, value in claims.items() if value is not None}


def signed(stage, desk, claims, algorithm="ES256"):
    """The token; with algorithm none it carries no signature."""
    header = {"alg": algorithm, "typ": "sluis-user+jwt", "kid": ceremony.key_id(desk)}
    body = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    if algorithm == "none":
        return body + "."
    return f"{body}.{base64url(_ecdsa(stage.state.desk(desk) / 'assertion.pem', body.encode()))}"


def _ecdsa(key, content):
    """R and S, 32 bytes each, out of what openssl writes as DER."""
    message = key.with_name(".signed")
    signature = key.with_name(".signature")
    try:
        message.write_bytes(content)
        run.must(["openssl", "dgst", "-sha256", "-sign", key, "-out", signature, message])
        der = signature.read_bytes()
    finally:
        message.unlink(missing_ok=True)
        signature.unlink(missing_ok=True)
    numbers, at = [], 2
    for _ in range(2):
        length = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"))
        at += 2 + length
    return b"".join(numbers)
