using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Records;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Records;

public sealed class RecordQueryTests
{
    [Fact]
    public void PagesOfAnySize_HoldEveryRecordOnce_InOrder() => Gen.Select(PatientGens.Life, Gen.Int[1, 7]).Sample(
        (life, size) =>
        {
            var all = PatientState.Initial(PatientGens.Ana).After(life, 1).Records.NewestFirst;
            List<RecordMetadata> seen = [];
            string? after = null;
            for (var more = true; more;)
            {
                (var page, more) = RecordQuery.Page(all, record => record, size, after);
                Assert.True(page.Count <= size && (page.Count == size || !more));
                seen.AddRange(page);
                after = seen.Count > 0 ? Cursor.Of(seen[^1]) : null;
            }
            Assert.Equal(all.Select(record => record.Id), seen.Select(record => record.Id));
        },
        iter: RandomCases.Of(300));

    [Fact]
    public void ARecordThatIsHiddenBetweenTwoPages_NeitherRepeatsNorDropsAnother() => Gen.Select(PatientGens.Life, Gen.Int[1, 7]).Sample(
        (life, size) =>
        {
            var all = PatientState.Initial(PatientGens.Ana).After(life, 1).Records.NewestFirst;
            if (all.Count <= size)
                return;
            var first = RecordQuery.Page(all, record => record, size, null).Page;
            var withoutTheLastSeen = all.Where(record => record.Id != first[^1].Id).ToList();
            var next = RecordQuery.Page(withoutTheLastSeen, record => record, size, Cursor.Of(first[^1])).Page;
            Assert.Equal(all.Skip(size).Take(size).Select(record => record.Id), next.Select(record => record.Id));
        },
        iter: RandomCases.Of(300));

    [Fact]
    public void RecordsAreListed_LatestFirst_WithoutADateLast_ThenById_AndPagesFollowEachOther()
    {
        RecordMetadata Of(int id, DateTimeOffset? date) => PatientGens.Record(1, 1).Metadata(Now, 1) with { Id = new RecordId(new Guid(id, 0, 0, new byte[8])), Date = date };
        RecordMetadata[] ordered = [Of(2, Now.AddDays(1)), Of(4, Now.AddDays(1)), Of(1, Now), Of(3, null), Of(5, null)];
        var index = RecordIndex.Empty.With(ordered.Reverse().Select(record => new RecordVersion(PatientGens.Record(1, 1) with { Id = record.Id }, record)));
        Assert.Equal(ordered.Select(record => record.Id), index.NewestFirst.Select(record => record.Id));

        Assert.Equal(("2 4", true), Page(2, null));
        Assert.Equal(("1 3", true), Page(2, ordered[1]));
        Assert.Equal(("5", false), Page(2, ordered[3]));
        Assert.Equal(("", false), Page(2, ordered[4]));
        Assert.Equal(("2 4 1 3 5", false), Page(5, null));
        Assert.Equal(("2 4 1 3", true), Page(4, null));

        (string, bool) Page(int first, RecordMetadata? last)
        {
            var (page, more) = RecordQuery.Page(ordered, record => record, first, last is null ? null : Cursor.Of(last));
            return (string.Join(' ', page.Select(record => BitConverter.ToInt32(record.Id.Value.ToByteArray()))), more);
        }
    }

    [Fact]
    public void TheCursorOfAnyDate_ComesBack()
    {
        foreach (var date in new DateTimeOffset?[] { null, DateTimeOffset.MinValue, Now, DateTimeOffset.MaxValue })
        {
            Assert.True(Cursor.TryParse(Cursor.Of(PatientGens.Record(1, 1).Metadata(Now, 1) with { Date = date }), out var cursor));
            Assert.Equal(date, cursor.Date);
        }
    }

    [Fact]
    public void ACursor_ComesBack() => Gen.Select(Gen.Guid, Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks], Gen.Bool).Sample((id, ticks, dated) =>
    {
        var date = dated ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        var record = PatientGens.Record(1, 1).Metadata(Now, 1) with { Id = new RecordId(id), Date = date };
        Assert.True(Cursor.TryParse(Cursor.Of(record), out var cursor));
        Assert.Equal((date, record.Id), cursor);
    });

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("1")]
    [InlineData("1:")]
    [InlineData("x:00000000000000000000000000000000")]
    [InlineData("1:00000000-0000-0000-0000-000000000000")]
    [InlineData("1:0000000000000000000000000000000g")]
    [InlineData("3155378976000000000:00000000000000000000000000000000")]
    [InlineData("99999999999999999999:00000000000000000000000000000000")]
    [InlineData("1:00000000000000000000000000000000:")]
    public void AForeignCursor_IsNone(string text) => Assert.False(Cursor.TryParse(text, out _));

    [Fact]
    public void AnyText_IsACursorOrNot_AndNothingElseHappens() => Gen.String.Sample(text => { Cursor.TryParse(text, out _); });

    [Fact]
    public void AReference_FindsTheRecordThatLastHadTheName_OrTheOneOfTheTypeAndId()
    {
        var (first, second) = (PatientGens.Record(1, 1) with { FullUrl = "urn:uuid:a" }, PatientGens.Record(2, 1) with { FullUrl = "urn:uuid:b" });
        var index = RecordIndex.Empty.With([new RecordVersion(first, first.Metadata(Now, 1)), new RecordVersion(second, second.Metadata(Now, 2))]);
        Assert.Equal(first.Id, index.Resolve("urn:uuid:a")?.Stored.Id);
        Assert.Equal(second.Id, index.Resolve($"Condition/{second.Id}")?.Stored.Id);
        foreach (var nothing in new[] { $"Observation/{second.Id}", $"/{second.Id}", $"http://a/Condition/{second.Id}", "urn:uuid:c", "", "/", "Condition/", "Condition/x" })
            Assert.Null(index.Resolve(nothing));
    }

    [Fact]
    public void AVersion_IsFoundByItsNumber_AndNoOtherNumber()
    {
        var first = PatientGens.Record(1, 1);
        var second = first with { Version = 2 };
        var index = RecordIndex.Empty.With([new RecordVersion(first, first.Metadata(Now, 1)), new RecordVersion(second, second.Metadata(Now, 2))]);
        Assert.Equal(2, index.Find(first.Id)?.Stored.Version);
        Assert.Equal(1, index.Find(first.Id, 1)?.Stored.Version);
        foreach (var none in new[] { int.MinValue, -1, 0, 3, int.MaxValue })
            Assert.Null(index.Find(first.Id, none));
        Assert.Equal(1, index.Count);
    }

    public static TheoryData<string, bool> Searches => new()
    {
        { "class", true }, { "otherClass", false }, { "code", true }, { "systemAndCode", true }, { "otherSystem", false }, { "noSystem", true }, { "label", true }, { "otherLabel", false }, { "text", true }, { "otherText", false },
        { "author", true }, { "otherAuthor", false }, { "type", true }, { "otherType", false }, { "dateAtStart", true }, { "dateAtEnd", false },
    };

    [Theory, MemberData(nameof(Searches))]
    public void ASearch_HoldsWhatMatchesAllItSays(string what, bool found)
    {
        var record = PatientGens.Record(1, 1).Metadata(Now, 1) with
        {
            Class = DataClass.Laboratory, Codes = [new Code(null, "local", null), new Code("http://loinc.org", "2339-0", "Glucose in Blood")], Labels = ["N", "HIV"], Date = Now, Authors = [new ProviderId(Id(1))],
        };
        var any = new RecordSearch(new Asker(DrLee, PurposeOfUse.TREAT), [], null, null, null, null, 10, null, false);
        var search = what switch
        {
            "class" => any with { Classes = [DataClass.Conditions, DataClass.Laboratory] },
            "otherClass" => any with { Classes = [DataClass.Conditions] },
            "code" => any with { Code = "2339-0" },
            "systemAndCode" => any with { Code = "http://loinc.org|2339-0" },
            "otherSystem" => any with { Code = "|2339-0" },
            "noSystem" => any with { Code = "|local" },
            "label" => any with { Label = "HIV" },
            "otherLabel" => any with { Label = "PSY" },
            "text" => any with { Text = "gLUCOSE" },
            "otherText" => any with { Text = "insulin" },
            "author" => any with { Author = new ProviderId(Id(1)) },
            "otherAuthor" => any with { Author = new ProviderId(Id(2)) },
            "type" => any with { ResourceType = "Condition" },
            "otherType" => any with { ResourceType = "Observation" },
            "dateAtStart" => any with { Date = new Period(Now, null) },
            _ => any with { Date = new Period(null, Now) },
        };
        Assert.True(RecordQuery.Matches(any, record));
        Assert.Equal(found, RecordQuery.Matches(search, record));
    }
}
