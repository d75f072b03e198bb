package etherws.config;

import etherws.bridge.VlanSettings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;

/** Sets of VIDs, as people write them. */
final class Vids {
  private static final String ALL = "all";
  private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

  static final Type<BitSet> TYPE =
      new Type<>(
          "VIDs from 1 to 4094, such as [10, \"20-30\"], \"10,20-30\" or \"all\"",
          (value, _) -> read(value),
          Vids::write);

  private Vids() {}

  private static BitSet read(Object value) throws WrongValue {
    BitSet vids = new BitSet();
    if (value instanceof TomlArray array) {
      for (int i = 0; i < array.size(); i++) {
        try {
          addAll(array.get(i), vids);
        } catch (WrongValue wrong) {
          throw wrong.of(i);
        }
      }
    } else {
      addAll(value, vids);
    }
    return vids;
  }

  private static void addAll(Object value, BitSet vids) throws WrongValue {
    if (value instanceof Long vid) {
      add(vid, vid, vids);
      return;
    }
    String text = Type.text(value);
    for (String part : text.equals(ALL) ? List.of("1-4094") : List.of(text.split(",", -1))) {
      Matcher range = RANGE.matcher(part.strip());
      if (!range.matches()) {
        throw new WrongValue(Type.quote(part) + " is neither a VID nor a range of them");
      }
      int first = Integer.parseInt(range.group(1));
      add(first, range.group(2) == null ? first : Integer.parseInt(range.group(2)), vids);
    }
  }

  private static void add(long first, long last, BitSet vids) throws WrongValue {
    if (first < 1 || last > VlanSettings.MAX_VID) {
      throw new WrongValue((first < 1 ? first : last) + " is no VID");
    }
    if (first > last) {
      throw new WrongValue("\"%d-%d\" goes downwards".formatted(first, last));
    }
    vids.set((int) first, (int) last + 1);
  }

  private static String write(BitSet vids) {
    if (vids.cardinality() == VlanSettings.MAX_VID) {
      return Type.quote(ALL);
    }
    List<String> ranges = new ArrayList<>();
    for (int first = vids.nextSetBit(0); first >= 0; ) {
      int end = vids.nextClearBit(first);
      ranges.add(end - first == 1 ? String.valueOf(first) : Type.quote(first + "-" + (end - 1)));
      first = vids.nextSetBit(end);
    }
    return "[" + String.join(", ", ranges) + "]";
  }
}
