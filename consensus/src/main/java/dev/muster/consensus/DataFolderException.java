package dev.muster.consensus;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A data folder with which a server must not or cannot run. The message says what is wrong, where
/// and what to do about it; trying again without doing something gives the same again.
public abstract sealed class DataFolderException extends RuntimeException {

  private DataFolderException(String message, Throwable cause) {
    super(message, cause);
  }

  private DataFolderException(String message) {
    super(message);
  }

  /// Why a file could not be read or written, in words that need no Java.
  public static String reason(Throwable failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "access denied";
      case NoSuchFileException _ -> "no such file or folder";
      case FileAlreadyExistsException _ -> "it is a file";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> "" + failure.getMessage();
    };
  }

  /// The folder cannot be created, read or written.
  public static final class Unusable extends DataFolderException {
    public Unusable(Path folder, Throwable cause) {
      super(
          "The data folder %s cannot be used (%s). Make it writable for this user, or name another."
              .formatted(folder, reason(cause)),
          cause);
    }
  }

  /// Another process runs on this folder.
  public static final class InUse extends DataFolderException {
    public InUse(Path folder, String who) {
      super(
          "The data folder %s is in use by %s. Stop that one, or name another folder."
              .formatted(folder, who));
    }
  }

  /// What was written is not what is read: bits have changed, or somebody edited.
  public static final class Corrupt extends DataFolderException {
    public Corrupt(Path where, String what, Throwable cause) {
      super(advice(where, what), cause);
    }

    public Corrupt(Path where, String what) {
      super(advice(where, what));
    }

    private static String advice(Path where, String what) {
      return """
      %s is damaged: %s. Nothing was changed. If other servers hold the same data, start this \
      one with an empty folder and let it join as a new member; if not, put back a backup of \
      the whole folder.\
      """
          .formatted(where, what);
    }
  }

  /// Another version of this program wrote the folder in a way that this one does not know.
  public static final class OtherFormat extends DataFolderException {
    public OtherFormat(Path where, String found, String known) {
      super(
          """
          %s is in format %s, this version reads format %s. Run the version that wrote it, or \
          name another folder.\
          """
              .formatted(where, found, known));
    }
  }
}
