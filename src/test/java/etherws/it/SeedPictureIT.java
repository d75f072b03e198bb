package etherws.it;

import etherws.testing.SeedPicture;

/** In clear, as the manual begins. */
class SeedPictureIT extends SeedPictureContract {
  @Override
  void startServer(SeedPicture picture) {
    picture.startServer();
  }

  @Override
  void startClient(SeedPicture picture) {
    picture.startClient("--uri", "ws://" + SeedPicture.SERVER + "/");
  }
}
