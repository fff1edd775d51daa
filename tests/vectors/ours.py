#!/usr/bin/env python3
"""Makes tests/vectors/ours-*.json: what pseudonyms.md §16 names as not yet there.

All keys, nonces and ids are fixed; the arithmetic is that of reference.py, so that the library is compared with
something else than itself. Run it as `tests/vectors/ours.py FOLDER`; a test of tests/lib/pseudonym holds the library to
the committed files.
"""
import json
import pathlib
import sys

from reference import (GENERATOR, L, Fixed, derive_factor, dleq, ed25519_public, ed25519_sign, hash_to_group,
                       hash_to_scalar, i2osp, lp2, scalar_hex, sha256, sha512)


def tlv(*fields):
    return b"".join(bytes([tag, len(value)]) + value for tag, value in fields)


def case_domain(epoch, case, oin, unit, purpose):
    return tlv((1, b"\1"), (2, epoch), (3, case), (4, oin), (0x0B, unit), (5, purpose))


def context_of(oin, unit, session):
    return tlv((1, b"\1"), (4, oin), (0x0B, unit), (7, session))


OOV = (b"00000099000000001000", b"gemeente/oov")
RIEC = (b"00000099000000003000", b"riec/bureau")


class Transcryptor:
    def __init__(self, fixed, i):
        self.ps, self.es = fixed.bytes(f"PS{i}"), fixed.bytes(f"ES{i}")
        self.x = fixed.scalar(f"x{i}")
        self.seed = fixed.bytes(f"signing{i}")
        self.salts = {}

    def s(self, domain):
        salt = self.salts.get(domain)
        local = domain if salt is None else domain + b"\x10\x40" + salt.hex().encode()
        return derive_factor(self.ps, 3, local)

    def k(self, context):
        return derive_factor(self.es, 1, context)


def rrsk_hop(t, fixed, hop, domains, contexts, y, items):
    s_from, s_to, k_from, k_to = t.s(domains[0]), t.s(domains[1]), t.k(contexts[0]), t.k(contexts[1])
    s, k = pow(s_from, -1, L) * s_to % L, pow(k_from, -1, L) * k_to % L
    f = s * pow(k, -1, L) % L
    g = GENERATOR
    big_s, big_k, big_t, y_to = s * g, k * g, f * g, k * y
    nonces = [fixed.scalar(f"hop{hop} header {n}") for n in range(5)]
    head = [dleq(s_from, s_from * g, [(big_s, s_to * g)], nonces[0]),
            dleq(k_from, k_from * g, [(big_k, k_to * g)], nonces[1]),
            dleq(k, big_k, [(big_t, big_s), (y, y_to)], nonces[2])]
    out, materials, for_b, for_c, rs, material_nonces = [], [], [], [], [], []
    for j, (b, c) in enumerate(items):
        r, n = fixed.scalar(f"hop{hop} r{j}"), fixed.scalar(f"hop{hop} material {j}")
        big_r, yr = r * g, r * y
        b1, c1 = f * (b + big_r), s * (c + yr)
        for_b.append((b + big_r, b1))
        for_c.append((c + yr, c1))
        materials.append(big_r.bytes + yr.bytes + dleq(r, big_r, [(y, yr)], n))
        out.append((b1, c1))
        rs.append(r)
        material_nonces.append(n)
    head += [dleq(f, big_t, for_b, nonces[3]), dleq(s, big_s, for_c, nonces[4])]
    header = big_s.bytes + big_k.bytes + big_t.bytes + y_to.bytes + b"".join(head)
    block = header + i2osp(len(materials), 4) + b"".join(
        i2osp(j, 4) + m for j, m in enumerate(materials))
    response = y_to.bytes + i2osp(len(out), 4) + b"".join(b.bytes + c.bytes for b, c in out)
    text = {
        "hop": hop, "s": scalar_hex(s), "k": scalar_hex(k), "t": scalar_hex(f), "Y_in": y.hex(), "Y_out": y_to.hex(),
        "items": [{"r": scalar_hex(r), "B": b.hex(), "C": c.hex()} for r, (b, c) in zip(rs, out)],
        "batch_response": response.hex(), "header": header.hex(), "header_nonces": [scalar_hex(n) for n in nonces],
        "materials": [m.hex() for m in materials], "material_nonces": [scalar_hex(n) for n in material_nonces],
        "proof_block_sha256": sha256(block).hex()}
    return text, y_to, out, response, block


def run(fixed, ts, domains, contexts, elements, signed):
    """A whole run in the form of two-transcryptors.json. `signed` makes the request from head values and items."""
    g = GENERATOR
    x1, x2 = ts[0].x, ts[1].x
    y = x1 * x2 % L * g
    setup = [fixed.scalar("setup1"), fixed.scalar("setup2")]
    sk_from = x1 * x2 * ts[0].k(contexts[0]) * ts[1].k(contexts[0]) % L
    sk_to = x1 * x2 * ts[0].k(contexts[1]) * ts[1].k(contexts[1]) % L
    y_from = sk_from * g
    blinds = [fixed.scalar(f"b{j}") for j in range(len(elements))]
    items = [(b * g, m + b * y_from) for b, m in zip(blinds, elements)]
    ids = b"".join(lp2(x) for x in (*domains, *contexts))
    batch = b"\1" + ids + y_from.bytes + i2osp(len(items), 4) + b"".join(b.bytes + c.bytes for b, c in items)
    shares = []
    for i, t in enumerate(ts):
        k, n = t.k(contexts[1]), fixed.scalar(f"share{i}")
        u = t.x * k % L
        shares.append((u, n, u.to_bytes(32, "little") + (u * g).bytes + dleq(t.x, t.x * g, [(k * g, u * g)], n)))
    request, request_text = signed(y_from, blinds, items)
    hops, received, y_in, current = [], batch, y_from, items
    for i, t in enumerate(ts):
        text, y_to, out, response, block = rrsk_hop(t, fixed, i + 1, domains, contexts, y_in, current)
        signed_bytes = (b"sluis/response/v1\0" + bytes([i + 1]) + sha256(request) + sha256(received) + sha256(response)
                        + sha256(*request_text["payloads"]) + sha256(block))
        text["hop_signature"] = ed25519_sign(t.seed, signed_bytes).hex()
        hops.append(text)
        received = b"\1" + ids + y_to.bytes + i2osp(len(out), 4) + b"".join(b.bytes + c.bytes for b, c in out)
        y_in, current = y_to, out
    pseudonyms = [c + (L - sk_to) * b for b, c in current]
    both = range(2)
    text = {
        "PS": [t.ps.hex() for t in ts], "ES": [t.es.hex() for t in ts], "x": [scalar_hex(t.x) for t in ts],
        "X": [(t.x * g).hex() for t in ts], "Y": y.hex(), "setup_nonce": [scalar_hex(n) for n in setup],
        "setup_proof": [dleq(ts[i].x, ts[i].x * g, [(ts[1 - i].x * g, y)], setup[i]).hex() for i in both],
        "d_from": domains[0].hex(), "d_to": domains[1].hex(), "c_from": contexts[0].hex(), "c_to": contexts[1].hex()}
    for name, domain in (("_from", domains[0]), ("", domains[1])):
        if domain in ts[0].salts:
            text["case_salt" + name] = [t.salts[domain].hex() for t in ts]
    for name, domain in (("d_from_local", domains[0]), ("d_to_local", domains[1])):
        text[name] = [(domain + (b"\x10\x40" + t.salts[domain].hex().encode() if domain in t.salts else b"")).hex()
                      for t in ts]
    for name, values in (("s_from", [t.s(domains[0]) for t in ts]), ("s_to", [t.s(domains[1]) for t in ts]),
                         ("k_from", [t.k(contexts[0]) for t in ts]), ("k_to", [t.k(contexts[1]) for t in ts])):
        text[name] = [scalar_hex(v) for v in values]
        text[name.upper()[0] + name[1:]] = [(v * g).hex() for v in values]
    text.update({
        "u_from": [scalar_hex(t.x * t.k(contexts[0]) % L) for t in ts], "u_to": [scalar_hex(u) for u, _, _ in shares],
        "share_nonce": [scalar_hex(n) for _, n, _ in shares], "share_material_to": [m.hex() for _, _, m in shares],
        "sk_from": scalar_hex(sk_from), "sk_to": scalar_hex(sk_to), "Y_from": y_from.hex(),
        "subjects": [{"element": m.hex(), "M": m.hex(), "b": scalar_hex(b), "B0": c[0].hex(), "C0": c[1].hex()}
                     for m, b, c in zip(elements, blinds, items)],
        "batch_request": batch.hex(), "hops": hops, "P": [p.hex() for p in pseudonyms],
        "transcryptor_seed": [t.seed.hex() for t in ts],
        "transcryptor_public": [ed25519_public(t.seed).hex() for t in ts]})
    del request_text["payloads"]
    text.update(request_text)
    return text, pseudonyms


def request_of(fixed, kind, signer, domains, contexts, mandate, payloads):
    def signed(y_from, blinds, items):
        seed = fixed.bytes("signer seed")
        key_id = sha256(ed25519_public(seed))
        head = (b"\1" + bytes([kind]) + lp2(signer[0]) + lp2(signer[1]) + key_id
                + b"".join(lp2(x) for x in (*domains, *contexts)) + y_from.bytes + fixed.bytes("nonce", 16)
                + i2osp(1790000000, 8) + i2osp(1790000300, 8) + mandate + b"\1")
        pc = sha512(b"sluis/pok/v1\0", head)
        raw, proofs, texts = b"", b"", []
        for j, (b, (big_b, c), pd) in enumerate(zip(blinds, items, payloads)):
            w = fixed.scalar(f"w{j}")
            a = w * GENERATOR
            challenge = hash_to_scalar(lp2(pc) + i2osp(j, 4) + lp2(big_b.bytes) + lp2(c.bytes) + lp2(pd)
                                       + lp2(a.bytes) + b"PoK", b"HashToScalar-SluisV1-ristretto255-SHA512")
            pok = challenge.to_bytes(32, "little") + ((w - challenge * b) % L).to_bytes(32, "little")
            raw += big_b.bytes + c.bytes + pd
            proofs += pok
            texts.append({"b": scalar_hex(b), "w": scalar_hex(w), "B": big_b.hex(), "C": c.hex(),
                          "payload_digest": pd.hex(), "A": a.hex(), "pok": pok.hex()})
        signed_bytes = b"sluis/request/v1\0" + sha256(head) + i2osp(len(items), 4) + sha256(raw) + sha256(proofs)
        signature = ed25519_sign(seed, signed_bytes)
        whole = i2osp(len(head), 4) + head + i2osp(len(items), 4) + raw + proofs + signature
        return whole, {
            "kind": kind, "signer_oin": signer[0].decode(), "signer_unit": signer[1].decode(),
            "signer_seed": seed.hex(), "signer_public": ed25519_public(seed).hex(), "key_id": key_id.hex(),
            "head": head.hex(), "pok_context": pc.hex(), "items": texts, "signed_bytes": signed_bytes.hex(),
            "signature": signature.hex(), "signed_request": whole.hex(), "request_digest": sha256(whole).hex(),
            "payloads": payloads}
    return signed


def make_pass_on():
    fixed = Fixed("pass-on")
    ts = [Transcryptor(fixed, 1), Transcryptor(fixed, 2)]
    origin = tlv((1, b"\1"), (6, b"bsn"))
    table = case_domain(b"1", fixed.bytes("table", 16).hex().encode(), *RIEC, b"riec-signaalweging")
    intake = case_domain(b"1", fixed.bytes("intake", 16).hex().encode(), *OOV, b"signaal-intake")
    for t in ts:
        for domain, name in ((table, "table"), (intake, "intake")):
            t.salts[domain] = sha512(t.seed, name.encode())[:32]
    c_oov = context_of(*OOV, fixed.bytes("session oov", 16).hex().encode())
    c_riec = context_of(*RIEC, fixed.bytes("session riec", 16).hex().encode())
    m = hash_to_group(b"999990019")

    def to(domain):
        factor = 1
        for t in ts:
            factor = factor * pow(t.s(origin), -1, L) * t.s(domain) % L
        return factor * m

    known, direct = to(intake), to(table)
    # Another subject of the same batch, with a payload.
    other = hash_to_group(b"999990020")
    text, pseudonyms = run(
        fixed, ts, (intake, table), (c_oov, c_riec), [known, other],
        request_of(fixed, 6, OOV, (intake, table), (c_oov, c_riec), fixed.bytes("mandate"),
                   [bytes(32), fixed.bytes("payload")]))
    assert pseudonyms[0].bytes == direct.bytes
    text = {"id": "pass-on", **text, "subject": b"999990019".hex(), "d_origin": origin.hex(),
            "direct_from_origin": direct.hex()}
    commitments = []
    for i, t in enumerate(ts):
        for identifier, value in ((intake, t.s(intake)), (table, t.s(table)), (c_oov, t.k(c_oov)),
                                  (c_riec, t.k(c_riec))):
            element = value * GENERATOR
            signed = b"sluis/commitment/v1\0" + bytes([i + 1]) + lp2(identifier) + element.bytes
            signature = ed25519_sign(t.seed, signed)
            commitments.append({
                "hop": i + 1, "identifier": identifier.hex(), "value": element.hex(), "signed_bytes": signed.hex(),
                "signature": signature.hex(),
                "wire": (bytes([i + 1]) + lp2(identifier) + element.bytes + signature).hex()})
    text["commitments"] = commitments
    return {"format": "pseudonyms.md §6-§8: a run of kind 06 as in two-transcryptors.json, its signed request as in "
                      "requests.json, hop signatures, and the signed commitments of both hops",
            "vectors": [text]}


def make_session():
    vectors = []
    for name, party, end in (("open", RIEC, 1790000000 + 2592000), ("revoke", OOV, 1790000000)):
        fixed = Fixed("session " + name)
        seed = fixed.bytes("seed")
        context = context_of(*party, fixed.bytes("session", 16).hex().encode())
        nonce = fixed.bytes("nonce", 16)
        key_id = sha256(ed25519_public(seed))
        head = (b"\1\x10" + lp2(party[0]) + lp2(party[1]) + key_id + lp2(context) + nonce + i2osp(1790000000, 8)
                + i2osp(1790000300, 8) + i2osp(end, 8))
        signed = b"sluis/session/v1\0" + sha256(head)
        signature = ed25519_sign(seed, signed)
        vectors.append({
            "id": "session-" + name, "signer_oin": party[0].decode(), "signer_unit": party[1].decode(),
            "signer_seed": seed.hex(), "signer_public": ed25519_public(seed).hex(), "key_id": key_id.hex(),
            "context": context.hex(), "nonce": nonce.hex(), "issued": 1790000000, "expires": 1790000300, "end": end,
            "head": head.hex(), "signed_bytes": signed.hex(), "signature": signature.hex(),
            "wire": (i2osp(len(head), 4) + head + signature).hex()})

    def changed(identifier, expect, offset, value, resign=True):
        base = vectors[0]
        head = bytearray.fromhex(base["head"])
        head[offset:offset + len(value)] = value
        seed = bytes.fromhex(base["signer_seed"])
        signature = ed25519_sign(seed, b"sluis/session/v1\0" + sha256(bytes(head))) if resign else bytes.fromhex(
            base["signature"])
        return {"id": identifier, "of": base["id"], "expect": expect,
                "wire": (i2osp(len(head), 4) + bytes(head) + signature).hex()}

    wire = bytes.fromhex(vectors[0]["wire"])
    size = len(bytes.fromhex(vectors[0]["head"]))
    other_party = bytes.fromhex(vectors[0]["head"]).index(b"riec/bureau", 60)
    refused = [
        {"id": "session-truncated", "of": "session-open", "expect": "E_TRUNCATED", "wire": wire[:-1].hex()},
        {"id": "session-trailing", "of": "session-open", "expect": "E_TRAILING", "wire": (wire + b"\0").hex()},
        changed("session-version-2", "E_VERSION", 0, b"\2"),
        changed("session-type-01", "E_TYPE", 1, b"\1"),
        changed("session-not-signed", "E_SIGNATURE", size - 1, b"\1", resign=False),
        changed("session-key-id", "E_SIGNATURE", 2 + 22 + 13, bytes(32)),
        changed("session-other-party", "E_SENDER", other_party, b"riec/andere"),
        changed("session-tlv", "E_TLV", other_party, b"RIEC/bureau"),
        changed("session-end-over-30-days", "E_LIFETIME", size - 8, i2osp(1790000000 + 2592001, 8)),
        changed("session-end-before-issued", "E_LIFETIME", size - 8, i2osp(1789999999, 8)),
        changed("session-lifetime-301", "E_LIFETIME", size - 16, i2osp(1790000301, 8)),
        changed("session-expired", "E_EXPIRED", size - 24, b"".join(i2osp(t, 8) for t in (1789990000, 1789990300, 1790000000)))]
    return {"format": "pseudonyms.md §5: SessionHead and the signed call, u32 len || head || signature; refused at "
                      "1790000010 with the key of the signer trusted", "now": 1790000010, "vectors": vectors,
            "refused": refused}


def make_hits():
    fixed = Fixed("hits")
    seed, exchange = fixed.bytes("owner"), fixed.bytes("exchange", 16)
    hits = [0, 1, 0, 0]
    lines = []
    for position, hit in enumerate(hits):
        signed = b"sluis/hit/v1\0" + exchange + i2osp(position, 4) + bytes([hit])
        lines.append({"position": position, "hit": hit, "signed_bytes": signed.hex(),
                      "signature": ed25519_sign(seed, signed).hex()})
    content = b"".join(bytes([line["hit"]]) + bytes.fromhex(line["signature"]) for line in lines)
    other = b"".join([content[:65], b"\0", content[66:]])
    refused = [
        {"id": "hit-turned", "expect": "E_SIGNATURE", "content": other.hex()},
        {"id": "hit-2", "expect": "E_TYPE", "content": (b"\2" + content[1:]).hex()},
        {"id": "hit-positions-swapped", "expect": "E_SIGNATURE", "content":
            (content[130:195] + content[65:130] + content[:65] + content[195:]).hex()},
        {"id": "hit-short", "expect": "E_LENGTH", "content": content[:-1].hex()},
        {"id": "hit-one-less", "expect": "E_LENGTH", "content": content[:-65].hex()},
        {"id": "hit-empty", "expect": "E_LENGTH", "content": ""}]
    return {"format": "pseudonyms.md §11.2: the answer to an inquiry, u8 hit || signature per position",
            "vectors": [{"id": "hits-1", "owner_seed": seed.hex(), "owner_public": ed25519_public(seed).hex(),
                         "exchange": exchange.hex(), "lines": lines, "content": content.hex(), "refused": refused}]}


def make_attributes():
    fixed = Fixed("attributes")
    g = GENERATOR
    secret = fixed.bytes("ES")
    k_from, k_to = derive_factor(secret, 2, b"from"), derive_factor(secret, 2, b"to")
    k = pow(k_from, -1, L) * k_to % L
    sk = fixed.scalar("sk")
    y = sk * g
    y_to = k * y
    nonce_k, nonce_b = fixed.scalar("nonce K"), fixed.scalar("nonce B")
    items, for_b, texts = [], [], []
    for j in range(2):
        b, r, n, m = fixed.scalar(f"b{j}"), fixed.scalar(f"r{j}"), fixed.scalar(f"n{j}"), fixed.scalar(f"m{j}") * g
        big_b, c = b * g, m + b * y
        big_r, yr = r * g, r * y
        b1, c1 = pow(k, -1, L) * (big_b + big_r), c + yr
        for_b.append((b1, big_b + big_r))
        items.append((b1, c1))
        texts.append({"M": m.hex(), "b": scalar_hex(b), "B0": big_b.hex(), "C0": c.hex(), "r": scalar_hex(r),
                      "nonce": scalar_hex(n), "material": (big_r.bytes + yr.bytes + dleq(r, big_r, [(y, yr)], n)).hex(),
                      "B": b1.hex(), "C": c1.hex()})
    proof_k = dleq(k_from, k_from * g, [(k * g, k_to * g)], nonce_k)
    proof_b = dleq(k, k * g, for_b + [(y, y_to)], nonce_b)
    header = (k * g).bytes + y_to.bytes + proof_k + proof_b
    response = y_to.bytes + i2osp(2, 4) + b"".join(b.bytes + c.bytes for b, c in items)
    identity, generator = bytes(32), g.bytes
    order = L.to_bytes(32, "little")
    flipped = bytearray(header)
    flipped[100] ^= 1
    refused = [
        {"id": "attribute-short", "expect": "E_LENGTH", "header": header[:-1].hex()},
        {"id": "attribute-long", "expect": "E_LENGTH", "header": (header + b"\0").hex()},
        {"id": "attribute-identity-K", "expect": "E_IDENTITY", "header": (identity + header[32:]).hex()},
        {"id": "attribute-K-is-G", "expect": "E_FACTOR_TRIVIAL", "header": (generator + header[32:]).hex()},
        {"id": "attribute-s-order", "expect": "E_SCALAR", "header": (header[:160] + order).hex()},
        {"id": "attribute-proofs-swapped", "expect": "E_PROOF", "header":
            (header[:64] + header[128:] + header[64:128]).hex()},
        {"id": "attribute-proof-K-altered", "expect": "E_PROOF", "header": bytes(flipped).hex()}]
    return {"format": "pseudonyms.md §7.2: AttributeBatchHeader of a batch of two",
            "vectors": [{"id": "attributes-1", "ES": secret.hex(), "id_from": b"from".hex(), "id_to": b"to".hex(),
                         "k_from": scalar_hex(k_from), "k_to": scalar_hex(k_to), "K_from": (k_from * g).hex(),
                         "K_to": (k_to * g).hex(), "sk_from": scalar_hex(sk), "Y_from": y.hex(),
                         "nonce_K": scalar_hex(nonce_k), "nonce_B": scalar_hex(nonce_b), "items": texts,
                         "header": header.hex(), "batch_response": response.hex(), "refused": refused}]}


def make_release_header():
    fixed = Fixed("release header")
    seed = fixed.bytes("seed")
    exchange = fixed.bytes("exchange", 16)
    fields = [("sig-feiten", "exact", fixed.bytes("f0")), ("p-naam", "pseudonym", fixed.bytes("f1"))]
    requests = [fixed.bytes("r0")]
    header = (exchange + b"\1" + lp2(b"wpg") + lp2(b"verdachte") + b"\1" + i2osp(len(fields), 2)
              + b"".join(lp2(f.encode()) + lp2(form.encode()) + digest for f, form, digest in fields)
              + i2osp(len(requests), 2) + b"".join(requests))
    signed = b"sluis/header/v1\0" + sha256(header)
    return {"format": "pseudonyms.md §10: header of a release",
            "vectors": [{"id": "release-header-1", "provider_seed": seed.hex(),
                         "provider_public": ed25519_public(seed).hex(), "exchange": exchange.hex(), "regime": "wpg",
                         "subject_category": "verdachte", "subject_verified": True,
                         "fields": [{"field": f, "form": form, "sealed_digest": d.hex()} for f, form, d in fields],
                         "signed_requests": [r.hex() for r in requests], "header": header.hex(),
                         "signed_bytes": signed.hex(), "signature": ed25519_sign(seed, signed).hex()}]}


def make_human_form():
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    def times_a(value, times):
        for _ in range(times):
            value <<= 1
            if value & 32:
                value ^= 37
        return value

    vectors = []
    for j in range(4):
        element = hash_to_group(b"human form %d" % j)
        digest = sha512(b"sluis/human/v1\0", element.bytes)
        bits = int.from_bytes(digest[:5], "big")
        symbols = [bits >> (35 - 5 * i) & 31 for i in range(7)]
        total = 0
        for i, symbol in enumerate(symbols):
            total ^= times_a(symbol, i + 1)
        symbols.append(next(c for c in range(32) if total ^ times_a(c, 8) == 0))
        text = "".join(alphabet[s] for s in symbols)
        vectors.append({"P": element.hex(), "human": f"P-{text[:4]}-{text[4:]}"})
    return {"format": "a case pseudonym as people write it (lib/pseudonym/human_form.h)", "vectors": vectors}


def main():
    folder = pathlib.Path(sys.argv[1])
    source = "the project's own: made by tests/vectors/ours.py with big-integer arithmetic"
    for name, content in (("pass-on", make_pass_on()), ("session", make_session()), ("hits", make_hits()),
                          ("attributes", make_attributes()), ("release-header", make_release_header()),
                          ("human-form", make_human_form())):
        text = json.dumps({"source": source, **content}, indent=1, ensure_ascii=False)
        (folder / f"ours-{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
