#include "lib/textproto/text_proto.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <set>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"

namespace sluis {
namespace {

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (!text_.empty()) return;
    line_ = line + 1;
    column_ = column + 1;
    text_ = message;
  }
  int line() const { return line_; }
  int column() const { return column_; }
  const std::string& text() const { return text_; }

 private:
  int line_ = 0, column_ = 0;
  std::string text_;
};

// Every key that may stand anywhere in a message of this type.
void CollectKeys(const google::protobuf::Descriptor& type,
                 std::set<const google::protobuf::Descriptor*>& seen,
                 std::vector<std::string>& keys) {
  if (!seen.insert(&type).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    keys.push_back(type.field(i)->name());
    if (type.field(i)->message_type() != nullptr)
      CollectKeys(*type.field(i)->message_type(), seen, keys);
  }
}

// The parser names an unknown key in its last pair of quotes.
std::string Suggestion(const std::string& error, const google::protobuf::Descriptor& type) {
  constexpr std::string_view kUnknown = "has no field named \"";
  const std::size_t start = error.find(kUnknown);
  if (start == std::string::npos) return "";
  const std::string word = error.substr(
      start + kUnknown.size(), error.find('"', start + kUnknown.size()) - start - kUnknown.size());
  std::set<const google::protobuf::Descriptor*> seen;
  std::vector<std::string> keys;
  CollectKeys(type, seen, keys);
  const std::string nearest = Nearest(word, keys);
  return nearest.empty() ? "" : absl::StrFormat(" Did you mean %s?", nearest);
}

}  // namespace

absl::Status ParseTextProto(std::string_view text, const std::string& name,
                            google::protobuf::Message* message) {
  google::protobuf::TextFormat::Parser parser;
  FirstError first;
  parser.RecordErrorsTo(&first);
  message->Clear();
  if (parser.ParseFromString(std::string(text), message)) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "CONFIG_INVALID",
               absl::StrFormat("%s:%d:%d: %s%s", name, first.line(), first.column(), first.text(),
                               Suggestion(first.text(), *message->GetDescriptor())),
               {{"file", name}, {"line", absl::StrFormat("%d", first.line())}});
}

}  // namespace sluis
