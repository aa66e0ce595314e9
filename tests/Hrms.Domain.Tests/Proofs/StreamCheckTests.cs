using System.Text;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;
using Hrms.Domain.Tests.Sealing;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>Whoever has the whole database may change rows; the check says which.</summary>
[Trait("Feature", "43")]
public sealed class StreamCheckTests
{
    private static readonly SeededEntropy Entropy = new(4);
    private static readonly StreamId Stream = new(Id(100));
    private static readonly StreamKeys Keys = new(Stream, new OwnerKey(Id(1), Entropy.Bytes(Sealed.KeyBytes)));
    private static readonly JournalRow[] Rows = Written(8);

    [Fact]
    public void RowsAsTheyWereWritten_HaveNoProblem() => Assert.Empty(Check(Rows));

    [Fact]
    public void ADeletedRow_IsNamed()
    {
        Assert.Equal(["Row 4 is missing."], Check([.. Rows.Where(row => row.Version != 4)]));
        Assert.Equal(["Rows 4 to 6 are missing."], Check([.. Rows.Where(row => row.Version is < 4 or > 6)]));
        Assert.Equal(["Row 1 is missing."], Check([.. Rows.Skip(1)]));
    }

    [Fact]
    public void AnEditedByteOfAnyColumn_NamesItsRow()
    {
        foreach (var edited in new Func<JournalRow, JournalRow>[]
        {
            row => row with { Payload = StreamKeysTests.Flip(row.Payload, row.Payload.Length / 2) },
            row => row with { Salt = StreamKeysTests.Flip(row.Salt, 0) },
            row => row with { Leaf = StreamKeysTests.Flip(row.Leaf, 0) },
            row => row with { PrevLeaf = StreamKeysTests.Flip(row.PrevLeaf, 0) },
            row => row with { Salt = [] },
            row => row with { PrevLeaf = [] },
        })
        {
            var problems = Check([.. Rows.Select(row => row.Version == 4 ? edited(row) : row)]);
            Assert.Contains(problems, problem => problem.StartsWith("Row 4:", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void TwoRowsThatChangedPlaces_AreBothNamed()
    {
        var problems = Check([.. Rows[..3], Rows[4] with { Version = 4 }, Rows[3] with { Version = 5 }, .. Rows[5..]]);
        Assert.Contains("Row 4: its bytes do not give its leaf.", problems);
        Assert.Contains("Row 5: its bytes do not give its leaf.", problems);
    }

    [Fact]
    public void ARowReadTwiceOrTooLate_IsNamed()
    {
        Assert.Contains("Row 4 comes after row 4: it is repeated or moved.", Check([.. Rows[..4], Rows[3], .. Rows[4..]]));
        Assert.Contains("Row 4 comes after row 5: it is repeated or moved.", Check([.. Rows[..3], Rows[4], Rows[3], .. Rows[5..]]));
    }

    /// <summary>Who rewrites a row with a leaf that fits it, and every row after it, is caught by the seal, and by the ledger that has the old roots.</summary>
    [Fact]
    public void ARewrittenRowWithALeafThatFits_HasABrokenSeal_AndDoesNotFitTheNext()
    {
        var payload = StreamKeysTests.Flip(Rows[3].Payload, 40);
        var rewritten = Rows[3] with { Payload = payload, Leaf = Leaf.Compute(Rows[3].Salt, Stream.Value, 4, Rows[3].PrevLeaf, payload) };
        Assert.Equal(
            ["Row 4: its seal is broken.", "Row 5 does not follow row 4: one of them was changed or moved."], Check([.. Rows[..3], rewritten, .. Rows[4..]]));
    }

    [Fact]
    public void ARowOfAnotherStream_DoesNotBelongHere()
    {
        var problems = new StreamCheck(new StreamId(Id(101))).Next(Rows[0], new StreamKeys(new StreamId(Id(101)), new OwnerKey(Id(1), Keys.EventKey(1))));
        Assert.Equal(["Row 1: its bytes do not give its leaf.", "Row 1: its seal is broken."], problems);
    }

    [Fact]
    public void AWalkThatGoesOn_FindsWhatOneWalkFinds()
    {
        var (first, second) = (new StreamCheck(Stream), new StreamCheck(Stream, Rows[2]));
        Assert.Empty(Rows[..3].SelectMany(row => first.Next(row, Keys)));
        Assert.Empty(Rows[3..].SelectMany(row => second.Next(row, Keys)));

        Assert.Equal(["Row 4 does not follow row 3: one of them was changed or moved."], new StreamCheck(Stream, Rows[2] with { Leaf = Rows[1].Leaf }).Next(Rows[3], Keys));
    }

    private static List<string> Check(JournalRow[] rows)
    {
        var check = new StreamCheck(Stream);
        var problems = rows.SelectMany(row => check.Next(row, Keys)).ToList();
        Assert.Equal(rows.Length, check.Count);
        return problems;
    }

    private static JournalRow[] Written(int count)
    {
        var rows = new JournalRow[count];
        for (var i = 0; i < count; i++)
        {
            var (version, previous) = (i + 1, i == 0 ? Leaf.Genesis : rows[i - 1].Leaf);
            var payload = Keys.SealEvent(version, Encoding.UTF8.GetBytes($"event {version}"), Entropy);
            var salt = Entropy.Bytes(Leaf.SaltBytes);
            var leaf = Leaf.Compute(salt, Stream.Value, version, previous, payload);
            rows[i] = new JournalRow(Stream, version, 1, version, EntryKind.Change, Now, previous, salt, leaf, payload, null);
        }
        return rows;
    }
}
