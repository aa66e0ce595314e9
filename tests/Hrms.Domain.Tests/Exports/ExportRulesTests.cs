using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Exports;
using Hrms.Domain.Patients;
using Hrms.Domain.Records;
using Hrms.Domain.Tests.Consents;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Exports;

/// <summary>The pages of an export: all that may be taken away, once and in its order, and nothing else.</summary>
public sealed class ExportRulesTests
{
    private static readonly ExportRecord All = new(new Asker(DrLee, PurposeOfUse.TREAT), [], null, null, 100, null);

    /// <summary>Random records, consents, page sizes and sizes of contents: the pages together are the records that the reference evaluator permits for EXPORT.</summary>
    [Fact, Trait("Feature", "59"), Trait("Feature", "12")]
    public void ThePagesTogether_AreWhatTheReferencePermits_InTheOrderOfTheList() => Gen
        .Select(ConsentGens.Book, ConsentGens.Ask, PatientGens.Life, Gen.Int[1, 7], Gen.Int[1, 4]).Sample(
            (book, ask, life, first, megabytes) =>
            {
                var index = PatientState.Initial(PatientGens.Ana).After(life, 1).Records;
                ask = ask with { Action = AccessAction.Export };
                var scope = book.Policy.For(ask);
                var expected = index.NewestFirst.Where(record => ReferenceEvaluator.Decide(book, ask, Domain.Consents.Datum.Of(record)).Permitted).Select(record => record.Id).ToList();
                List<RecordId> exported = [];
                ExportCursor? from = ExportCursor.Start;
                while (from is not null)
                {
                    var (page, more, denied) = ExportRules.Records(index, All with { First = first }, from, record => scope.Decide(Domain.Consents.Datum.Of(record)), _ => (long)megabytes << 20);
                    Assert.True(page.Count <= first && (page.Count <= 1 || page.Count * megabytes <= 4), $"{page.Count} records");
                    Assert.True(page.Count > 0 || !more);
                    Assert.NotEqual(true, denied?.Permitted);
                    Assert.True(from != ExportCursor.Start || more || (denied is null) == (page.Count == index.Count));
                    exported.AddRange(page.Select(one => one.Record.Metadata.Id));
                    from = more ? ExportCursor.TryParse(ExportCursor.After(page[^1].Record.Metadata).ToString()) : null;
                }
                Assert.Equal(expected, exported);
            },
            iter: 20_000, threads: 1);

    [Fact]
    public void AContentThatIsLargerThanAPage_HasOneToItself()
    {
        var (page, more, _) = ExportRules.Records(Index(3), All, ExportCursor.Start, Permitted, _ => Limits.ExportPageBytesMax + 1);

        Assert.Equal((1, true), (page.Count, more));
    }

    [Fact, Trait("Feature", "59")]
    public void WhatIsWithheld_IsPassedOver_AndTheFirstReasonIsKept()
    {
        var index = Index(4);
        var newest = index.NewestFirst.Select(record => record.Id).ToList();
        Decision Decide(RecordMetadata record) => record.Id == newest[0] ? new(false, DecisionReason.Denied) : record.Id == newest[2] ? new(false, DecisionReason.NoConsent) : new(true, DecisionReason.Permitted);

        var (page, more, denied) = ExportRules.Records(index, All, ExportCursor.Start, Decide, null);

        Assert.Equal([newest[1], newest[3]], page.Select(one => one.Record.Metadata.Id));
        Assert.Equal((false, DecisionReason.Denied), (more, denied?.Reason));
    }

    [Fact]
    public void ContentsThatFillAPageExactly_AreOne()
    {
        var (page, more, _) = ExportRules.Records(Index(3), All, ExportCursor.Start, Permitted, _ => Limits.ExportPageBytesMax / 2);
        Assert.Equal((2, true), (page.Count, more));
    }

    [Fact]
    public void AfterTheRecords_NoneComeAgain()
    {
        var (page, more, denied) = ExportRules.Records(Index(3), All, ExportCursor.Consents, Permitted, null);
        Assert.Equal((0, false, null), (page.Count, more, denied));
        Assert.Null(ExportRules.Check(All with { After = "c" }, out var from));
        Assert.Equal(ExportCursor.Consents, from);
    }

    /// <summary>Of certain types, of what was added since, and by the date of care.</summary>
    [Fact]
    public void OnlyWhatIsAskedFor_IsTaken()
    {
        var index = Index(6);
        int Count(ExportRecord export) => ExportRules.Records(index, export, ExportCursor.Start, Permitted, null).Page.Count;
        var conditions = index.NewestFirst.Count(record => record.ResourceType == "Condition");

        Assert.InRange(conditions, 1, 5);
        Assert.Equal((6, conditions, 0), (Count(All), Count(All with { Types = ["Condition"] }), Count(All with { Types = ["Consent"] })));
        Assert.Equal((6, 6, 0), (Count(All with { Since = Now.AddTicks(-1) }), Count(All with { Since = Now }), Count(All with { Since = Now.AddTicks(1) })));
        Assert.Equal(0, Count(All with { Types = ["Condition"], Since = Now.AddTicks(1) }));
        var dated = index.NewestFirst.Count(record => record.Date is not null);
        Assert.Equal((dated, 0), (Count(All with { Care = Period.Always }), Count(All with { Care = new Period(Now.AddYears(1), null) })));
        Assert.Equal((true, true, false, false), (ExportRules.WantsLines(All), ExportRules.WantsLines(All with { Types = ["AuditEvent"] }),
            ExportRules.WantsLines(All with { Types = ["Consent"] }), ExportRules.WantsLines(All with { Care = Period.Always })));
    }

    private static RecordIndex Index(int count) =>
        RecordIndex.Empty.With(Enumerable.Range(1, count).Select(i => PatientGens.Record(i, i)).Select(stored => new RecordVersion(stored, stored.Metadata(Now, 1))));

    private static Decision Permitted(RecordMetadata record) => new(true, DecisionReason.Permitted);

    [Theory]
    [InlineData(0, "first"), InlineData(-1, "first"), InlineData(Limits.ExportPageSizeMax + 1, "first"), InlineData(1, null), InlineData(Limits.ExportPageSizeMax, null)]
    public void APage_HasAtLeastOneEntry_AndAtMostItsLimit(int first, string? place) =>
        Assert.Equal(place, ExportRules.Check(All with { First = first }, out _)?.Place);

    [Theory]
    [InlineData(""), InlineData("x"), InlineData("r:"), InlineData("r:1"), InlineData("c:1"), InlineData("a:0"), InlineData("a:-5"), InlineData("a:x"), InlineData("b:1")]
    public void WhatNoPageEndedWith_IsRefused(string after) => Assert.Equal("after", ExportRules.Check(All with { After = after }, out _)?.Place);

    [Fact]
    public void EveryPlace_IsReadAsItWasWritten()
    {
        var record = PatientGens.Record(7, 5).Metadata(Now, 1);
        foreach (var cursor in new[]
        {
            ExportCursor.Start, ExportCursor.Consents, ExportCursor.Lines, ExportCursor.After(record), ExportCursor.After(record with { Date = null }),
            ExportCursor.After(new ConsentId(Id(3))), ExportCursor.Before(17),
        })
            Assert.Equal(cursor, ExportCursor.TryParse(cursor.ToString()));
        Assert.Equal(ExportCursor.Start, ExportCursor.TryParse(null));
    }

    /// <summary>Access lines and records as they were entered, of any number, in pages of any size: each once, newest first.</summary>
    [Fact, Trait("Feature", "57"), Trait("Feature", "46")]
    public void TheHistory_ComesOnceEach_NewestFirst() => Gen.Select(Gen.Bool.Array[0, 30], Gen.Int[1, 7]).Sample(
        (isLine, room) =>
        {
            AccessLine Line(long version) => new(version, Now, All.Asker, AccessAction.View, "record", new Decision(true, DecisionReason.Permitted), [], 1);
            var lines = isLine.Index().Where(one => one.Item).Select(one => Line(one.Index + 1)).Reverse().ToList();
            var index = RecordIndex.Empty.With(
                from one in isLine.Index() where !one.Item let stored = PatientGens.Record(one.Index, one.Index) select new RecordVersion(stored, stored.Metadata(Now, one.Index + 1)));
            List<long> exported = [];
            for (ExportCursor? from = ExportCursor.Lines; from is not null;)
            {
                var (page, versions, next) = ExportRules.History(
                    [.. lines.Where(line => line.StreamVersion < from.Line).Take(room + 1)], index, All, from, room, Permitted);
                Assert.InRange(page.Count + versions.Count, next is null ? 0 : room, room);
                exported.AddRange(page.Select(line => line.StreamVersion).Concat(versions.Select(version => version.StreamVersion)).OrderDescending());
                from = next;
            }
            Assert.Equal(Enumerable.Range(1, isLine.Length).Reverse().Select(version => (long)version), exported);
            var refused = ExportRules.History(lines, index, All, ExportCursor.Lines, 100, _ => new Decision(false, DecisionReason.Denied));
            Assert.Equal((lines.Count, 0), (refused.Lines.Count, refused.Versions.Count));
            Assert.Empty(ExportRules.History([], index, All with { Since = Now.AddTicks(1) }, ExportCursor.Lines, 100, Permitted).Versions);
        },
        iter: 300, threads: 1);

    [Fact, Trait("Feature", "57")]
    public void Consents_ComeOnceEach_ByTheirIds_WithNoRoomAsWell()
    {
        var book = PatientState.Initial(PatientGens.Ana)
            .After([.. Enumerable.Range(1, 9).Select(i => new ConsentGranted(Now.AddHours(i), new ConsentId(Id(i)), Permit(DrLee).Except(), [1]))], 1).Consents;
        List<ConsentId> exported = [];
        ExportCursor? from = ExportCursor.Start;
        for (var room = 0; from is not null; room = (room + 1) % 4)
        {
            var (page, next) = ExportRules.Consents(book, All, from, room);
            Assert.True(page.Count <= room);
            exported.AddRange(page.Select(consent => consent.Id));
            from = next;
        }

        Assert.Equal(book.Consents.Keys.OrderBy(id => id.Value), exported);
        Assert.Equal(2, ExportRules.Consents(book, All with { Since = Now.AddHours(8) }, ExportCursor.Start, 100).Page.Count);
        Assert.Equal(9, ExportRules.Consents(book, All with { Types = ["Consent"] }, ExportCursor.Start, 100).Page.Count);
        Assert.Null(ExportRules.Consents(book, All, ExportCursor.Start, 9).Next);
        Assert.Empty(ExportRules.Consents(book, All with { Types = ["Observation"] }, ExportCursor.Start, 100).Page);
        Assert.Empty(ExportRules.Consents(book, All with { Care = Period.Always }, ExportCursor.Start, 100).Page);
        Assert.Empty(ExportRules.Consents(book, All, ExportCursor.Lines, 100).Page);
    }
}
