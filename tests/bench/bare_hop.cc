#include "tests/bench/bare_hop.h"

#include <cstring>

#include "tests/bench/must.h"

namespace sluis::bench {
namespace {

constexpr std::string_view kScalarDst = "HashToScalar-coPRFV1-ristretto255-SHA512";
constexpr std::string_view kSeedDst = "Seed-coPRFV1-ristretto255-SHA512";

Raw Add(const Raw& a, const Raw& b) {
  Raw out;
  Must(crypto_core_ristretto255_add(out.data(), a.data(), b.data()) == 0, "add");
  return out;
}

// A buffer of lp2 values, large enough for what a proof hashes.
class Input {
 public:
  Input& Raw(const void* bytes, std::size_t size) {
    std::memcpy(bytes_ + size_, bytes, size);
    size_ += size;
    return *this;
  }
  Input& U16(std::size_t value) {
    const std::uint8_t two[] = {static_cast<std::uint8_t>(value >> 8),
                                static_cast<std::uint8_t>(value & 0xFF)};
    return Raw(two, 2);
  }
  Input& Lp2(const void* bytes, std::size_t size) { return U16(size).Raw(bytes, size); }
  Input& Lp2(const bench::Raw& raw) { return Lp2(raw.data(), raw.size()); }
  Input& Text(std::string_view text) { return Raw(text.data(), text.size()); }
  const std::uint8_t* data() const { return bytes_; }
  std::size_t size() const { return size_; }

 private:
  std::uint8_t bytes_[512];
  std::size_t size_ = 0;
};

Raw HashToScalar(const Input& input) {
  static constexpr std::uint8_t zeros[128] = {};
  const std::uint8_t size = kScalarDst.size();
  const std::uint8_t middle[] = {0, 64, 0}, one = 1;
  const auto* const dst = reinterpret_cast<const std::uint8_t*>(kScalarDst.data());
  std::uint8_t first[64], wide[64];
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, zeros, sizeof zeros);
  crypto_hash_sha512_update(&state, input.data(), input.size());
  crypto_hash_sha512_update(&state, middle, sizeof middle);
  crypto_hash_sha512_update(&state, dst, size);
  crypto_hash_sha512_update(&state, &size, 1);
  crypto_hash_sha512_final(&state, first);
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, first, sizeof first);
  crypto_hash_sha512_update(&state, &one, 1);
  crypto_hash_sha512_update(&state, dst, size);
  crypto_hash_sha512_update(&state, &size, 1);
  crypto_hash_sha512_final(&state, wide);
  Raw out;
  crypto_core_ristretto255_scalar_reduce(out.data(), wide);
  return out;
}

Raw Weight(const std::uint8_t seed[64], std::size_t j, const BareItem& statement) {
  return HashToScalar(
      Input().Lp2(seed, 64).U16(j).Lp2(statement.b).Lp2(statement.c).Text("Composite"));
}

}  // namespace

Raw BareRandomScalar() {
  Raw out;
  crypto_core_ristretto255_scalar_random(out.data());
  return out;
}

Raw BareBase(const Raw& scalar) {
  Raw out;
  Must(crypto_scalarmult_ristretto255_base(out.data(), scalar.data()) == 0, "base");
  return out;
}

Raw BareTimes(const Raw& scalar, const Raw& element) {
  Raw out;
  Must(crypto_scalarmult_ristretto255(out.data(), scalar.data(), element.data()) == 0, "times");
  return out;
}

BareProof BareDleq(const Raw& secret, const Raw& b, std::span<const BareItem> statements) {
  std::uint8_t seed[64];
  const Input seed_input = Input().Lp2(b).Lp2(kSeedDst.data(), kSeedDst.size());
  crypto_hash_sha512(seed, seed_input.data(), seed_input.size());
  Raw m{};
  for (std::size_t j = 0; j < statements.size(); ++j) {
    const Raw part = BareTimes(Weight(seed, j, statements[j]), statements[j].b);
    m = j == 0 ? part : Add(m, part);
  }
  const Raw z = BareTimes(secret, m), r = BareRandomScalar();
  const Raw t2 = BareBase(r), t3 = BareTimes(r, m);
  const Raw c = HashToScalar(Input().Lp2(b).Lp2(m).Lp2(z).Lp2(t2).Lp2(t3).Text("Challenge"));
  Raw product, s;
  crypto_core_ristretto255_scalar_mul(product.data(), c.data(), secret.data());
  crypto_core_ristretto255_scalar_sub(s.data(), r.data(), product.data());
  return {c, s};
}

BareOutput BareHop(const BareFactors& factors, const Raw& y, std::span<const BareItem> items,
                   bool proofs) {
  BareOutput out;
  std::vector<BareItem> b_statements, c_statements;
  for (const BareItem& item : items) {
    const Raw r = BareRandomScalar();
    const Raw big_r = BareBase(r), yr = BareTimes(r, y);
    const Raw b = Add(item.b, big_r), c = Add(item.c, yr);
    out.items.push_back({BareTimes(factors.t, b), BareTimes(factors.s, c)});
    if (!proofs) continue;
    const BareItem statement[] = {{y, yr}};
    out.proofs.push_back(BareDleq(r, big_r, statement));
    b_statements.push_back({b, out.items.back().b});
    c_statements.push_back({c, out.items.back().c});
  }
  if (!proofs) return out;
  out.proofs.push_back(BareDleq(factors.t, factors.big_t, b_statements));
  out.proofs.push_back(BareDleq(factors.s, factors.big_s, c_statements));
  return out;
}

}  // namespace sluis::bench
