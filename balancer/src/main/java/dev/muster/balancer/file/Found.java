package dev.muster.balancer.file;

import java.nio.channels.FileChannel;

/// What is at a path.
public sealed interface Found {
  /// A file, open for reading; who gets it closes it.
  ///
  /// @param channel its content
  /// @param length of it
  /// @param modified when it was last changed, in seconds since 1970
  record File(FileChannel channel, long length, long modified) implements Found {}

  /// A directory.
  record Directory() implements Found {}

  /// Nothing, or what is neither file nor directory.
  record Nothing() implements Found {}

  /// Something that we must not read.
  record Forbidden() implements Found {}

  /// Something that cannot be read.
  ///
  /// @param why in the system's words
  record Broken(String why) implements Found {}

  /// More is being looked for than the disk keeps up with.
  record Busy() implements Found {}
}
