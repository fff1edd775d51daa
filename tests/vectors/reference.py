"""ristretto255, its hashing and Ed25519 in big-integer arithmetic, after RFC 9496, RFC 9380 and RFC 8032.

Slow and not in constant time: a reference that shares no code with the library, for the makers of vectors alone.
"""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
CONTEXT = b"coPRFV1-ristretto255-SHA512"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sha512(*parts):
    return hashlib.sha512(b"".join(parts)).digest()


def i2osp(value, size):
    return value.to_bytes(size, "big")


def lp2(data):
    return i2osp(len(data), 2) + data


# --- the curve, in extended coordinates ---

def point_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_mul(k, p):
    result = (0, 1, 1, 0)
    while k:
        if k & 1:
            result = point_add(result, p)
        p = point_add(p, p)
        k >>= 1
    return result


def is_negative(x):
    return x % P & 1


def sqrt_ratio(u, v):
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    u %= P
    if check == -u % P or check == -u * SQRT_M1 % P:
        r = r * SQRT_M1 % P
    was_square = check == u or check == -u % P
    return was_square, (-r % P if is_negative(r) else r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]


def encode(p):
    x0, y0, z0, t0 = p
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    inv = sqrt_ratio(1, u1 * u2 * u2)[1]
    den1, den2 = inv * u1 % P, inv * u2 % P
    z_inv = den1 * den2 * t0 % P
    if is_negative(t0 * z_inv):
        x, y, den = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = x0, y0, den2
    if is_negative(x * z_inv):
        y = -y
    s = den * (z0 - y) % P
    return (-s % P if is_negative(s) else s).to_bytes(32, "little")


def elligator(t):
    one_minus_d_sq = (1 - D * D) % P
    d_minus_one_sq = (D - 1) ** 2 % P
    sqrt_ad_minus_one = -sqrt_ratio(-D - 1, 1)[1]  # RFC 9496 takes the odd root
    r = SQRT_M1 * t * t % P
    u = (r + 1) * one_minus_d_sq % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio(u, v)
    if not was_square:
        s = -s * t % P
        s = s if is_negative(s) else -s % P
    c = -1 if was_square else r
    n = (c * (r - 1) * d_minus_one_sq - v) % P
    w0, w1, w2, w3 = 2 * s * v % P, n * sqrt_ad_minus_one % P, (1 - s * s) % P, (1 + s * s) % P
    return (w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def from_uniform(data):
    halves = [int.from_bytes(data[i:i + 32], "little") % 2**255 % P for i in (0, 32)]
    return point_add(elligator(halves[0]), elligator(halves[1]))


BASE_Y = 4 * pow(5, P - 2, P) % P
_, BASE_X = sqrt_ratio((BASE_Y * BASE_Y - 1) % P, (D * BASE_Y * BASE_Y + 1) % P)
G = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


class Element:
    def __init__(self, point):
        self.point = point
        self.bytes = encode(point)

    def __add__(self, other):
        return Element(point_add(self.point, other.point))

    def __rmul__(self, scalar):
        return Element(point_mul(scalar % L, self.point))

    def hex(self):
        return self.bytes.hex()


GENERATOR = Element(G)


def scalar_hex(value):
    return value.to_bytes(32, "little").hex()


# --- hashing ---

def xmd(message, dst):
    dst_prime = dst + i2osp(len(dst), 1)
    b0 = sha512(bytes(128), message, i2osp(64, 2), b"\0", dst_prime)
    return sha512(b0, b"\1", dst_prime)


def hash_to_scalar(message, dst=b"HashToScalar-" + CONTEXT):
    return int.from_bytes(xmd(message, dst), "little") % L


def hash_to_group(message):
    return Element(from_uniform(xmd(message, b"HashToGroup-" + CONTEXT)))


def derive_factor(secret, label, identifier):
    for counter in range(256):
        f = hash_to_scalar(lp2(secret) + bytes([label]) + lp2(identifier) + bytes([counter]),
                           b"DeriveFactor-" + CONTEXT)
        if f > 1:
            return f
    raise ValueError("no factor")


# --- Ed25519 ---

def compress(p):
    z = pow(p[2], P - 2, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_expand(seed):
    h = sha512(seed)
    a = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return a, h[32:]


def ed25519_public(seed):
    return compress(point_mul(ed25519_expand(seed)[0], G))


def ed25519_sign(seed, message):
    a, prefix = ed25519_expand(seed)
    public = ed25519_public(seed)
    r = int.from_bytes(sha512(prefix, message), "little") % L
    big_r = compress(point_mul(r, G))
    c = int.from_bytes(sha512(big_r, public, message), "little") % L
    return big_r + ((r + c * a) % L).to_bytes(32, "little")


# --- fixed values and proofs ---

class Fixed:
    """Fixed values with names, and the order in which nonces were drawn."""

    def __init__(self, label):
        self.label = label.encode()
        self.count = 0

    def bytes(self, name, size=32):
        return sha512(b"sluis ours", self.label, b"/", name.encode())[:size]

    def scalar(self, name):
        return int.from_bytes(sha512(b"sluis ours scalar", self.label, b"/", name.encode()), "little") % L


def dleq(secret, b, statements, nonce):
    seed = sha512(lp2(b.bytes), lp2(b"Seed-" + CONTEXT))
    m = None
    for j, (c, d) in enumerate(statements):
        weight = hash_to_scalar(lp2(seed) + i2osp(j, 2) + lp2(c.bytes) + lp2(d.bytes) + b"Composite")
        m = weight * c if m is None else m + weight * c
    z, t2, t3 = secret * m, nonce * GENERATOR, nonce * m
    c = hash_to_scalar(b"".join(lp2(x.bytes) for x in (b, m, z, t2, t3)) + b"Challenge")
    s = (nonce - c * secret) % L
    return c.to_bytes(32, "little") + s.to_bytes(32, "little")
