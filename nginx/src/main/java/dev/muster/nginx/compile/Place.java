package dev.muster.nginx.compile;

import java.nio.file.Path;

/// What names in a configuration are relative to.
///
/// @param prefix of logs and of files that are served (nginx's `-p`)
/// @param folder of the configuration: of what is included, and of files with passwords
/// @param hostname of this machine
public record Place(Path prefix, Path folder, String hostname) {
  /// One whose folder is the one that the configuration is in, once that is known.
  public static Place of(Path prefix, String hostname) {
    return new Place(prefix, prefix, hostname);
  }

  /// The same with the configuration's folder.
  public Place in(Path other) {
    return new Place(prefix, other, hostname);
  }

  /// A name as it is seen from the prefix. Whatever it is: that it can be a file's name at all is
  /// found out by whoever opens it.
  String fromPrefix(String name) {
    return name.startsWith("/") ? name : prefix + "/" + name;
  }

  /// A name as it is seen from the configuration's folder.
  String fromFolder(String name) {
    return name.startsWith("/") ? name : folder + "/" + name;
  }
}
