// The pack of this repository as two persons bring it into force, and later versions of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/crypto/ed25519.h"
#include "policy/engine/pack.h"
#include "policy/signed/activators.h"
#include "policy/signed/bundle.h"

namespace sluis::policy::testing {

struct TestActivators {
  std::vector<std::string> Vkeys() const;
  Activators Pinned() const;
  // Signed by both.
  Bytes Sign(const Pack& pack, const BundleTerms& terms) const;
  // policy/pack, issued at this time, for thirty days.
  Bytes SignThePack(absl::Time issued) const;
  // The block `policy` of a configuration in text form.
  std::string Config(const std::string& bundle, const std::string& mark) const;

  std::string first_name = "policy.example/1", second_name = "policy.example/2";
  Ed25519PrivateKey first = Ed25519PrivateKey::Generate();
  Ed25519PrivateKey second = Ed25519PrivateKey::Generate();
};

// policy/pack as version 2026.12.<number>, in which what a municipality gives is kept for so many
// days: of two versions no decision that releases such data is the same.
std::shared_ptr<const Pack> LaterPack(int number);
// policy/pack without the approval by the police of C-01: I-20 does not hold.
std::shared_ptr<const Pack> UnprovedPack();

}  // namespace sluis::policy::testing
