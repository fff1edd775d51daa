// Reading JSON objects of a request member by member, with the place of what is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/json.h"

namespace sluis::authzen {

// The first thing that is wrong. Never holds a value that was sent.
struct Fault {
  std::string member;   // as `evaluations[2].subject.type`
  std::string message;  // what it must be
  bool missing = false;
  bool found() const { return !message.empty(); }
  // INVALID_ARGUMENT (FIELD_MISSING or FIELD_INVALID) naming the member. Precondition: found().
  absl::Status ToStatus() const;
};

// A view of one object; `object` and `fault` outlive it. What is missing or of another type is a
// fault, and reads as empty.
class Members {
 public:
  // `place` is "" for the outermost value.
  Members(const Json& object, std::string place, Fault& fault);

  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  // nullptr when it is not there.
  const Json* Find(std::string_view name) const;

  std::string Text(std::string_view name) const;  // required
  std::optional<std::string> TextIfAny(std::string_view name) const;
  bool FlagOr(std::string_view name, bool otherwise) const;
  std::vector<std::string> Texts(std::string_view name) const;  // required, an array of strings
  // An object, or an empty one when it is not there.
  const Json& ObjectOrEmpty(std::string_view name) const;

  std::string PlaceOf(std::string_view name) const;
  void Fail(std::string_view name, std::string_view message) const;
  // Of a member that must be there.
  void Miss(std::string_view name) const;

 private:
  const Json* object_;
  const std::string place_;
  Fault& fault_;
};

// `{}`.
const Json& EmptyObject();

}  // namespace sluis::authzen
