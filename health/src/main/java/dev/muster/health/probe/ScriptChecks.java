package dev.muster.health.probe;

/// Whose scripts a server runs as checks. Whoever may register one runs programs as the server's
/// user, so none is the default.
public enum ScriptChecks {
  NONE,
  /// Those of configuration files: `enable_local_script_checks`.
  LOCAL,
  /// Also those that come by the API: `enable_script_checks`.
  ALL;

  /// Why a script is not run or registered, in Consul's words; empty if it is.
  ///
  /// @param isFromFile whether a configuration file defines it
  public String refusal(boolean isFromFile) {
    return switch (this) {
      case ALL -> "";
      case LOCAL -> isFromFile ? "" : REMOTE;
      case NONE -> isFromFile ? ANY : REMOTE;
    };
  }

  private static final String REMOTE =
      "Scripts are disabled on this agent from remote calls; to enable, configure"
          + " 'enable_script_checks' to true";
  private static final String ANY =
      "Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or"
          + " 'enable_local_script_checks' to true";
}
