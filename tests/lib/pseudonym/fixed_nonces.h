// A source of nonces that gives what it was told, and fails the test when it runs dry or is not
// used up.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "lib/pseudonym/internal/nonces.h"

namespace sluis::pseudonym {

class FixedNonces : public Nonces {
 public:
  FixedNonces() = default;
  explicit FixedNonces(std::initializer_list<BytesView> scalars) {
    for (BytesView scalar : scalars) Add(scalar);
  }
  ~FixedNonces() override { EXPECT_TRUE(scalars_.empty()) << "nonces were left over"; }

  FixedNonces& Add(BytesView scalar) {
    scalars_.push_back(SecretScalar::Decode(SecretBytes::CopyOf(scalar)).value());
    return *this;
  }
  FixedNonces& SetNonce(const std::array<std::uint8_t, 16>& nonce) { return nonce_ = nonce, *this; }
  FixedNonces& SetOrder(std::vector<std::uint32_t> order) {
    return order_ = std::move(order), *this;
  }

  SecretScalar Next() override {
    if (scalars_.empty()) {
      ADD_FAILURE() << "no nonce is left";
      return SecretScalar::Random();
    }
    SecretScalar next = std::move(scalars_.front());
    scalars_.pop_front();
    return next;
  }
  std::array<std::uint8_t, 16> Nonce() override { return nonce_; }
  std::vector<std::uint32_t> Permutation(std::size_t size) override {
    EXPECT_EQ(order_.size(), size);
    return order_;
  }

 private:
  std::deque<SecretScalar> scalars_;
  std::array<std::uint8_t, 16> nonce_{};
  std::vector<std::uint32_t> order_;
};

}  // namespace sluis::pseudonym
