using System.Text;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A bit of what is stored is changed, or one thing is put in the place of another: nobody is served what it makes, and somebody is paged, whoever asked and whatever they were told.</summary>
[Collection(nameof(Tampered))]
public sealed class BitFlipTests(TamperedHrms hrms)
{
    private const string ContentOf = "from content where stream_id = @stream";

    [Theory, Trait("Feature", "50")]
    [Trait("Fault", "F29")]
    [InlineData("update content set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1) where stream_id = @stream")]
    [InlineData("update content set wrapped_key = set_byte(wrapped_key, 40, get_byte(wrapped_key, 40) # 1) where stream_id = @stream")]
    [InlineData("delete from content where stream_id = @stream")]
    [InlineData(
        """
        update content set wrapped_key = other.wrapped_key, ciphertext = other.ciphertext
        from content other where content.stream_id = @stream and other.stream_id = @stream and other.hash <> content.hash
        """)]
    public async Task ChangedContent_IsFlaggedAndNotServed_AndAlarms(string edit)
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var lab = await ana.AddsRecordAsync(Clinic.LabResult());
        await ana.AddsAsync(Clinic.LabResult());

        Assert.Equal(2, await hrms.AsSuperuserAsync(edit, ("stream", ana.Id)));

        foreach (var asker in new Party[] { ana, drLee })
            await hrms.AlarmsAsync("content", $"(Content): stream {ana.Id}, event {lab.StreamVersion}", async () =>
            {
                var answer = await asker.TriesToReadAsync(ana, lab.Id);
                Assert.Equal("INTEGRITY_VIOLATION", answer.Error);
                Assert.DoesNotContain("Hemoglobin", Encoding.UTF8.GetString(answer.Bytes), StringComparison.Ordinal);
            });
        // What is searched is not in the changed bytes and stays readable.
        Assert.NotEmpty((await ana.AsksAsync("query($id: ID!) { patient(id: $id) { records { nodes { id } } } }", new { id = ana.Id })).Patient.GetProperty("records").GetProperty("nodes").EnumerateArray());
    }

    [Fact, Trait("Feature", "50")]
    [Trait("Fault", "F29")]
    public async Task AnExport_GivesWhatComesBeforeChangedContent_AndRefusesThere_AndAlarmsAtOnce()
    {
        var ana = await hrms.PatientAsync();
        var first = await ana.AddsAsync(Clinic.LabResult());
        var hash = await hrms.QueryAsync($"select hash {ContentOf}", row => row.GetFieldValue<byte[]>(0), ("stream", ana.Id));
        await ana.AddsAsync(Clinic.LabResult());
        var order = await ana.ExportsRecordsAsync(ana);
        var isLast = order[^1] == first;

        Assert.Equal(1, await hrms.AsSuperuserAsync(
            $"update content set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1) where stream_id = @stream and hash {(isLast ? "=" : "<>")} @hash",
            ("stream", ana.Id), ("hash", hash!)));

        FhirPage page = null!;
        await hrms.AlarmsAsync("content", $"(Content): stream {ana.Id}", async () => page = await ana.AsksForExportAsync(ana));
        Assert.Equal((200, order[0]), (page.Status, Assert.Single(page.Records)));
        var next = await ana.GetsAsync(page.Next!);
        Assert.Equal((500, "exception"), (next.Status, next.Issue.Code));
    }

    [Theory, Trait("Feature", "50")]
    [Trait("Fault", "F29")]
    [InlineData("update owner_key set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1) where owner = @stream")]
    [InlineData("update owner_key set key_id = gen_random_uuid() where owner = @stream")]
    [InlineData("update owner_key set key_id = other.key_id, wrapped = other.wrapped from owner_key other where owner_key.owner = @stream and other.owner = @other")]
    public async Task AChangedKey_OpensNothing_AndAlarms_AndPutBackOpensEverything(string edit)
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var right = await hrms.QueryAsync("select key_id, wrapped from owner_key where owner = @stream", row => Tuple.Create(row.GetGuid(0), row.GetFieldValue<byte[]>(1)), ("stream", ana.Id));
        await hrms.ForgetAsync();

        Assert.Equal(1, await hrms.AsSuperuserAsync(edit, ("stream", ana.Id), ("other", ben.Id)));

        await hrms.AlarmsAsync("key", $"(Key): stream {ana.Id}", async () =>
        {
            foreach (var asker in new Party[] { ana, drLee })
                Assert.Equal("INTEGRITY_VIOLATION", (await asker.TriesToReadAsync(ana, lab)).Error);
        });
        Assert.Equal("INTEGRITY_VIOLATION", (await ana.TriesToGrantAsync(drLee, new Terms())).Refusal);

        await hrms.AsSuperuserAsync("update owner_key set key_id = @key, wrapped = @wrapped where owner = @stream", ("stream", ana.Id), ("key", right!.Item1), ("wrapped", right.Item2));
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
        Assert.Single(await ana.ConsentsAsync());
    }

    /// <summary>The rows that consents are made of: what they make of the record nobody guesses.</summary>
    [Theory, Trait("Feature", "43")]
    [Trait("Fault", "F29")]
    [InlineData("update journal set payload = set_byte(payload, 40, get_byte(payload, 40) # 1) where stream_id = @stream and version = @version")]
    [InlineData("update journal set version = version + 1000000 where stream_id = @stream and version = @version")]
    [InlineData(
        """
        update journal set version = 1000000 where stream_id = @stream and version = @version;
        update journal set version = @version where stream_id = @stream and version = @earlier;
        update journal set version = @earlier where stream_id = @stream and version = 1000000
        """)]
    [InlineData("update journal set payload = other.payload from journal other where journal.stream_id = @stream and journal.version = @version and other.stream_id = @stream and other.version = @earlier")]
    public async Task AChangedDecision_ClosesTheRecord_AndAlarms(string edit)
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var revoked = await ana.RevokesAsync(given);
        await hrms.ForgetAsync();

        Assert.NotEqual(0, await hrms.AsSuperuserAsync(edit, ("stream", ana.Id), ("version", revoked.StreamVersion), ("earlier", given.StreamVersion)));

        await hrms.AlarmsAsync("row", $"(Row): stream {ana.Id}", async () =>
        {
            foreach (var asker in new Party[] { drLee, ana })
                Assert.Equal("INTEGRITY_VIOLATION", (await asker.TriesToReadAsync(ana, lab)).Error);
        });
    }

    /// <summary>A snapshot is a short cut: the journal has everything. At its ends the bytes are its form, in the middle they are sealed.</summary>
    [Theory, Trait("Feature", "43")]
    [Trait("Fault", "F29")]
    [InlineData("0")]
    [InlineData("position('Sealed'::bytea in PayloadBinary)")]
    [InlineData("octet_length(PayloadBinary) / 2")]
    [InlineData("octet_length(PayloadBinary) - 1")]
    public async Task AChangedSnapshot_IsNotBelieved_TheJournalIs_AndItAlarms(string place)
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        // Enough to be worth writing down.
        for (var i = 0; i < 20; i++)
            await ana.RevokesAsync(await ana.GrantsAsync(drNo, DataClass.Laboratory));
        const string Snapshot = "from OrleansStorage where GrainTypeString = 'patient' and PayloadBinary is not null and GrainIdN0 = @n0 and GrainIdN1 = @n1";
        var bytes = ana.Id.ToByteArray();
        (string, object)[] grain = [("n0", BitConverter.ToInt64(bytes, 0)), ("n1", BitConverter.ToInt64(bytes, 8))];
        await Deadline.UntilAsync("a snapshot", async () =>
        {
            await hrms.ForgetAsync();
            return await hrms.QueryAsync($"select 'there' {Snapshot}", row => row.GetString(0), grain);
        });

        Assert.Equal(1, await hrms.AsSuperuserAsync(
            $"update OrleansStorage set PayloadBinary = set_byte(PayloadBinary, {place}, get_byte(PayloadBinary, {place}) # 1) {Snapshot["from OrleansStorage ".Length..]}", grain));

        await hrms.AlarmsAsync("snapshot", $"(Snapshot): stream {ana.Id}", async () => Assert.NotNull(await drLee.ReadsAsync(ana, lab)));
        Assert.Null(await drNo.ReadsAsync(ana, lab));
        Assert.Equal(21, (await ana.ConsentsAsync()).Count);
        // And the next one is written over it.
        await ana.GrantsAsync(drNo, DataClass.Laboratory);
        await hrms.ForgetAsync();
        Assert.NotNull(await drNo.ReadsAsync(ana, lab));
    }
}
