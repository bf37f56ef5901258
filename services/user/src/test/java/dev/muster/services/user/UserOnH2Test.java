package dev.muster.services.user;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.ServiceContract;

class UserOnH2Test extends ServiceContract {
  UserOnH2Test() {
    super(UserService.class, "user");
  }

  @Override
  protected String databaseUrl() {
    return Databases.h2();
  }
}
