using System.Text.Json;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A patient's own key: registered by the patient in person, with proof that they have it, and on the ledger a moment later.</summary>
public sealed class PatientKeyTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "90")]
    public async Task APatient_RegistersAKey_AndTheLedgerHasIt_UntilItIsRetired()
    {
        var (ana, phone) = (await hrms.PatientAsync(), await hrms.AuthenticatorAsync());

        var key = await ana.RegistersKeyAsync(phone);
        var id = key.GetProperty("id").GetGuid();
        await ana.WhenKeyIsAsync(id, "REGISTERED");
        await hrms.ForgetAsync();
        var listed = Assert.Single(await ana.KeysAsync());
        Assert.Equal((id, "My phone", JsonValueKind.Null), (listed.GetProperty("id").GetGuid(), listed.GetProperty("name").GetString(), listed.GetProperty("retiredAt").ValueKind));

        Assert.NotEqual(JsonValueKind.Null, (await ana.TriesToRetireKeyAsync(ana, id)).Done().Payload.GetProperty("patientKey").GetProperty("retiredAt").ValueKind);
        await ana.WhenKeyIsAsync(id, "RETIRED");
        (await ana.TriesToRetireKeyAsync(ana, id)).Done();
        Assert.Equal("NOT_FOUND", (await ana.TriesToRetireKeyAsync(ana, Guid.NewGuid())).Refusal);
    }

    [Fact]
    public async Task ANewKey_TakesThePlaceOfTheOldOne_AndOnlyWhenThePatientSaysSo()
    {
        var (ana, old, next) = (await hrms.PatientAsync(), await hrms.AuthenticatorAsync(), await hrms.AuthenticatorAsync());
        var first = (await ana.RegistersKeyAsync(old)).GetProperty("id").GetGuid();
        var (_, request) = await ana.BeginsKeyAsync();

        Assert.Equal(("WRONG_STATE", "replaces"), Why(await ana.TriesToRegisterKeyAsync(ana, next, next.Gets(request))));
        Assert.Equal(("NOT_FOUND", "replaces"), Why(await ana.TriesToRegisterKeyAsync(ana, next, next.Gets(request), replaces: Guid.NewGuid())));
        var second = (await ana.TriesToRegisterKeyAsync(ana, next, next.Gets(request), replaces: first)).Done().Payload.GetProperty("patientKey").GetProperty("id").GetGuid();

        Assert.Equal([(second, true), (first, false)], (await ana.KeysAsync()).Select(key => (key.GetProperty("id").GetGuid(), key.GetProperty("retiredAt").ValueKind == JsonValueKind.Null)));
        await ana.WhenKeyIsAsync(second, "REGISTERED");
        // A key that was retired stays so.
        var (_, again) = await ana.BeginsKeyAsync();
        Assert.Equal(("WRONG_STATE", "publicKey"), Why(await ana.TriesToRegisterKeyAsync(ana, old, old.Gets(again), replaces: second)));
    }

    [Fact]
    public async Task WithoutProofThatThePatientHasIt_NoKeyIsRegistered()
    {
        var (ana, phone, thief) = (await hrms.PatientAsync(), await hrms.AuthenticatorAsync(), await hrms.AuthenticatorAsync());
        var (_, request) = await ana.BeginsKeyAsync();
        var older = phone.Gets(request);
        (_, request) = await ana.BeginsKeyAsync();

        Assert.Equal(("INVALID", "assertion.clientDataJSON"), Why(await ana.TriesToRegisterKeyAsync(ana, phone, older)));                  // a challenge of before
        Assert.Equal(("INVALID", "assertion.signature"), Why(await ana.TriesToRegisterKeyAsync(ana, phone, thief.Gets(request))));         // another key
        var elsewhere = new VirtualPasskey("https://elsewhere.example");
        Assert.Equal(("INVALID", "assertion.clientDataJSON"), Why(await ana.TriesToRegisterKeyAsync(ana, elsewhere, elsewhere.Gets(request))));
        phone.Domain = "elsewhere.example";
        Assert.Equal(("INVALID", "assertion.authenticatorData"), Why(await ana.TriesToRegisterKeyAsync(ana, phone, phone.Gets(request))));
        (phone.Domain, phone.VerifiesItsUser) = (null, false);
        Assert.Equal(("INVALID", "assertion.authenticatorData"), Why(await ana.TriesToRegisterKeyAsync(ana, phone, phone.Gets(request))));
        phone.VerifiesItsUser = true;
        Assert.Empty(await ana.KeysAsync());

        var (good, command) = (phone.Gets(request), Guid.NewGuid());
        var key = (await ana.TriesToRegisterKeyAsync(ana, phone, good, command: command)).Done().Payload.GetProperty("patientKey").GetProperty("id").GetGuid();
        // The same command again, for its answer was lost, is the same key; the same assertion in another command is worth nothing.
        Assert.Equal(key, (await ana.TriesToRegisterKeyAsync(ana, phone, good, command: command)).Done().Payload.GetProperty("patientKey").GetProperty("id").GetGuid());
        Assert.Equal("COMMAND_REUSED", (await ana.TriesToRegisterKeyAsync(ana, thief, good, command: command)).Refusal);
        (await ana.TriesToRetireKeyAsync(ana, key)).Done();
        Assert.Equal(("WRONG_STATE", "publicKey"), Why(await ana.TriesToRegisterKeyAsync(ana, phone, good)));
        Assert.Equal(("WRONG_STATE", "assertion.clientDataJSON"), Why(await ana.TriesToRegisterKeyAsync(ana, thief, thief.Gets(request))));
    }

    [Fact]
    public async Task OnlyThePatientInPerson_HasKeys_AndToAStrangerThereIsNoSuchPatient()
    {
        var (ana, ben, phone) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.AuthenticatorAsync());
        var (drLee, nobody) = (await hrms.PractitionerAsync(), await hrms.PatientAsync(Guid.NewGuid()));
        var key = (await ana.RegistersKeyAsync(phone)).GetProperty("id").GetGuid();
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await ana.AppointsAsync(ben, DelegateLevel.Full);
        var asBen = await hrms.ActingForAsync(ben, ana);
        var toSign = (await ana.ToSignAsync(ana, given.Id))!.Value;
        var (_, request) = await ana.BeginsKeyAsync();
        var (proof, signature) = (phone.Gets(request), phone.Gets(Signing.Request(toSign)));

        Assert.Equal(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"], await TriesAsync(asBen, ana));
        Assert.Equal(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"], await TriesAsync(drLee, ana));
        Assert.Equal(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"], await TriesAsync(drLee, nobody));
        Assert.Equal(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"], await TriesAsync(ben, ana));
        foreach (var stranger in new Party[] { asBen, drLee, ben })
        {
            Assert.Null(await stranger.ToSignAsync(ana, given.Id));
            var answer = await stranger.AsksAsync("query($id: ID!) { patient(id: $id) { patientKeys { id } } }", new { id = ana.Id });
            Assert.Equal(JsonValueKind.Null, answer.Patient.GetProperty("patientKeys").ValueKind);
        }
        Assert.Equal(JsonValueKind.Null, Assert.Single(await ana.KeysAsync()).GetProperty("retiredAt").ValueKind);

        async Task<string?[]> TriesAsync(Party asker, Patient patient) =>
        [
            (await asker.TriesToBeginKeyAsync(patient)).Refusal, (await asker.TriesToRegisterKeyAsync(patient, phone, proof)).Refusal,
            (await asker.TriesToRetireKeyAsync(patient, key)).Refusal, (await asker.TriesToSignAsync(patient, given.Id, toSign, signature)).Refusal,
        ];
    }

    [Theory]
    [InlineData("not base64url!", "publicKey")]
    [InlineData("AAAA", "publicKey")]
    public async Task WhatIsNoKey_IsRefusedAtItsPlace(string key, string place)
    {
        var (ana, phone) = (await hrms.PatientAsync(), await hrms.AuthenticatorAsync());
        var (_, request) = await ana.BeginsKeyAsync();
        var response = JsonElement.Parse(phone.Gets(request)).GetProperty("response");

        var reply = await ana.SendsAsync(
            "registerPatientKey",
            new
            {
                commandId = Guid.NewGuid(), patient = ana.Id, name = "My phone", credentialId = phone.CredentialId, publicKey = key,
                assertion = new
                {
                    authenticatorData = response.GetProperty("authenticatorData").GetString(), clientDataJSON = response.GetProperty("clientDataJSON").GetString(),
                    signature = response.GetProperty("signature").GetString(),
                },
            },
            Signing.KeyFields);

        Assert.Equal(("INVALID", place), Why(reply));
    }

    private static (string?, string?) Why(Reply reply) => (reply.Refusal, reply.Place);
}
