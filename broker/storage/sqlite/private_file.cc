#include "broker/storage/sqlite/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "broker/storage/engine_rules.h"
#include "lib/base/file_descriptor.h"

namespace sluis::storage {

// SQLite would make the file with the mode of the umask. An existing one is only looked at: opening and closing
// it here would drop the locks that another store of this process holds on it.
absl::Status MakePrivateFile(const std::filesystem::path& path) {
  const FileDescriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.ok()) return absl::OkStatus();
  struct stat state {};
  if (::stat(path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) {
    return StoreUnavailable("the database cannot be opened; look at its folder, owner and mode");
  }
  if ((state.st_mode & 077) != 0) {
    return StoreUnavailable("others may open the database; set its mode to 0600");
  }
  return absl::OkStatus();
}

}  // namespace sluis::storage
