# Finds a JDK 25: sets `jdk` to its folder, or returns 1. Sourced by ./muster and .ci/run, so it
# must stay cheap (no process is started) and run on bash 3.2, which macOS has.
# MUSTER_JAVA_HOME names a JDK; MUSTER_JDK_FOLDERS (separated by colons) are searched instead of
# the usual folders.

is_jdk25() {
  local release=
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  IFS= read -r -d '' release <"$1/release" || true
  [[ $release =~ JAVA_VERSION=\"25[^0-9] ]] && jdk=$1
}

# The folder of the `java` on PATH, links followed.
jdk_on_path() {
  local java link
  java=$(type -P java) || return 1
  while [ -L "$java" ]; do
    link=$(readlink "$java")
    case $link in /*) java=$link ;; *) java=${java%/*}/$link ;; esac
  done
  is_jdk25 "${java%/bin/java}"
}

find_jdk25() {
  local folder candidate IFS=:
  if [ -n "${MUSTER_JAVA_HOME:-}" ]; then
    is_jdk25 "$MUSTER_JAVA_HOME"
    return
  fi
  if [ -n "${JAVA_HOME:-}" ] && is_jdk25 "$JAVA_HOME"; then return; fi
  if jdk_on_path; then return; fi
  for folder in ${MUSTER_JDK_FOLDERS-/usr/lib/jvm:/opt:${HOME:-}/.sdkman/candidates/java:${HOME:-}/.jdks:/Library/Java/JavaVirtualMachines}; do
    for candidate in "$folder"/*; do
      if is_jdk25 "$candidate" || is_jdk25 "$candidate/Contents/Home"; then return; fi
    done
  done
  return 1
}

jdk25_missing="a JDK 25 is needed and none was found: install one (Eclipse Temurin 25, say), or set \
MUSTER_JAVA_HOME to the folder of one."
