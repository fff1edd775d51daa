// The text of one pack file, parsed, and the lines its members stand on: what is needed to say
// `file:line` about a fault.
#pragma once

#include <google/protobuf/text_format.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "sluis/policy/v1/pack.pb.h"

namespace sluis::policy {

namespace pb = ::sluis::policy::v1;

// What is wrong with a pack, in the order it was found.
class Faults {
 public:
  // Line and column count from 1; line 0 stands for the whole file.
  void Add(const std::string& file, int line, int column, std::string what);
  bool empty() const { return list_.empty(); }
  // PACK_INVALID with the first 20, one violation each; the field is `file:line:column`.
  absl::Status ToStatus() const;

 private:
  struct Fault {
    std::string where, what;
  };
  std::vector<Fault> list_;
};

struct ParsedFile {
  std::string name;
  pb::PackFile content;
  google::protobuf::TextFormat::ParseInfoTree lines;
};

// Both count from 1; line 0 stands for the whole file.
struct Place {
  int line = 0, column = 0;
};

// A message of a parsed file, to report faults about its members by their field number. The file
// and the faults must outlive it.
class Spot {
 public:
  Spot(Faults& faults, const ParsedFile& file);

  // The message that is the value of `member`; `index` for a repeated one.
  Spot In(const google::protobuf::Message& value, int member, int index = -1) const;
  // About one value of a member, or about the message as a whole.
  void Fault(int member, int index, std::string what) const;
  void Fault(std::string what) const;
  // `file:line:column` of the message.
  std::string Where() const;

 private:
  Spot(Faults& faults, const std::string& file, const google::protobuf::Message& message,
       const google::protobuf::TextFormat::ParseInfoTree* lines, Place place);
  Place PlaceOf(const google::protobuf::FieldDescriptor& member, int index) const;

  Faults* faults_;
  const std::string* file_;
  const google::protobuf::Message* message_;
  const google::protobuf::TextFormat::ParseInfoTree* lines_;
  Place place_;
};

// nullptr if it is no text format of PackFile, or if some string is not printable UTF-8; the faults
// say where.
std::unique_ptr<ParsedFile> ParsePackText(const std::string& name, std::string_view text,
                                          Faults& faults);

}  // namespace sluis::policy
