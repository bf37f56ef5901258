package dev.muster.services.user;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.ServiceContract;

class UserOnPostgresTest extends ServiceContract {
  UserOnPostgresTest() {
    super(UserService.class, "user");
  }

  @Override
  protected String databaseUrl() {
    return Databases.postgres();
  }
}
