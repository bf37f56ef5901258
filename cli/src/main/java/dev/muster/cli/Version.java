package dev.muster.cli;

/// Which build of Muster this is.
final class Version {
  private Version() {}

  static String ours() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "0.0.0-unpackaged" : version;
  }
}
