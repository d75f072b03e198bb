package etherws.it;

import etherws.testing.Certificates;
import etherws.testing.SeedPicture;
import java.nio.file.Path;

/** Over TLS, with {@code ssl.key} and {@code ssl.crt} as in the manual. */
class SeedPictureTlsIT extends SeedPictureContract {
  @Override
  void startServer(SeedPicture picture) {
    Certificates.make(Path.of(picture.file("")), "RSA PKCS#1", "IP:" + SeedPicture.SERVER);
    picture.startServer(
        "--keyfile", picture.file("ssl.key"), "--certfile", picture.file("ssl.crt"));
  }

  @Override
  void startClient(SeedPicture picture) {
    picture.startClient(
        "--uri", "wss://" + SeedPicture.SERVER + "/", "--cacerts", picture.file("ssl.crt"));
  }
}
