// Bytes that must not leak: keys, shared secrets, opened content, identities. They live between
// guard pages, in memory that is locked where the limit of the process allows and left out of core
// dumps (libsodium's sodium_malloc), and are wiped when freed. They do not print, do not convert
// and do not copy by accident.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>

#include "lib/base/bytes.h"

namespace sluis {

// The token that opens a secret. Every place that reads secret bytes names its reason here, so that
// a review finds all of them by searching for SecretAccess.
class SecretAccess {
 public:
  static SecretAccess ForCrypto() { return {}; }     // computing with it inside lib/
  static SecretAccess ForStorage() { return {}; }    // writing it into a protected file or database
  static SecretAccess ForRecipient() { return {}; }  // handing it to the person it was meant for
  static SecretAccess ForTest() { return {}; }

 private:
  SecretAccess() = default;
};

// Move-only; a moved-from secret is empty. Not thread-safe while written, else as const data.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zeros, to be filled through RevealForWriting
  static SecretBytes CopyOf(BytesView bytes);
  // Copies and wipes the source, which is empty afterwards.
  static SecretBytes Take(Bytes&& bytes);
  static SecretBytes Random(std::size_t size);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() = default;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  SecretBytes Clone() const;
  // In constant time for equal sizes; sizes are not secret.
  bool Equals(const SecretBytes& other) const;

  // The view ends with this object.
  BytesView Reveal(SecretAccess access) const;
  std::span<std::uint8_t> RevealForWriting(SecretAccess access);

 private:
  struct Wipe {
    std::size_t size;
    void operator()(std::uint8_t* bytes) const;
  };
  std::unique_ptr<std::uint8_t[], Wipe> bytes_{nullptr, Wipe{0}};
  std::size_t size_ = 0;
};

std::ostream& operator<<(std::ostream&, const SecretBytes&) = delete;
bool operator==(const SecretBytes&, const SecretBytes&) = delete;  // use Equals
// What a test framework shows of it.
void PrintTo(const SecretBytes& secret, std::ostream* out);

// Overwrites a buffer in a way the compiler keeps.
void WipeBytes(Bytes& bytes);

}  // namespace sluis
