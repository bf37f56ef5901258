/// user-service: keeps user information by id.
@NullMarked
package dev.muster.services.user;

import org.jspecify.annotations.NullMarked;
