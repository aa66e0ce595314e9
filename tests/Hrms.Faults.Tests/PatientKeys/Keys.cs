namespace Hrms.Faults.Tests.PatientKeys;

/// <summary>A patient's key, as an app registers it and signs a consent with it.</summary>
internal static class Keys
{
    private const string Begin = "mutation($p:ID!){beginPatientKey(input:{patient:$p}){creationOptions requestOptions errors{code}}}";
    private const string Register =
        "mutation($c:ID!,$p:ID!,$i:String!,$k:String!,$a:PasskeyAssertionInput!,$r:ID){registerPatientKey(input:{commandId:$c,patient:$p,name:\"Phone\",credentialId:$i,publicKey:$k,assertion:$a,replaces:$r}){patientKey{id pseudonym} errors{code message}}}";
    private const string ToSign = "query($p:ID!,$d:ID!){patient(id:$p){consentToSign(consent:$d){version expiresAt requestOptions}}}";
    private const string Sign =
        "mutation($c:ID!,$p:ID!,$d:ID!,$v:Int!,$e:DateTimeOffset!,$a:PasskeyAssertionInput!){signConsent(input:{commandId:$c,patient:$p,consent:$d,version:$v,expiresAt:$e,assertion:$a}){signature{streamVersion} errors{code message}}}";
    private const string State = "query($p:ID!){patient(id:$p){patientKeys{id retiredAt onLedger}}}";

    public static async Task<(VirtualPasskey Passkey, object Variables)> NewKeyAsync(this ApiClient client, Guid patient, Guid? replaces = null)
    {
        var begun = (await client.SendAsync(Party.Patient(patient), Begin, new { p = patient })).Field;
        // As a browser on the installation's pages: this machine, by the name that passkeys know it by.
        var passkey = new VirtualPasskey($"http://localhost:{client.Port}");
        passkey.Creates(JsonElement.Parse(begun.GetProperty("creationOptions").GetString()!));
        var answer = passkey.Gets(JsonElement.Parse(begun.GetProperty("requestOptions").GetString()!));
        return (passkey, new { c = Guid.NewGuid(), p = patient, i = passkey.CredentialId, k = passkey.PublicKey, a = Assertion(answer), r = replaces });
    }

    /// <returns>The key's id and its pseudonym.</returns>
    public static async Task<(Guid Id, string Pseudonym)> RegisterKeyAsync(this ApiClient client, Guid patient, object variables)
    {
        var answer = await client.SendAsync(Party.Patient(patient), Register, variables);
        Assert.True(answer.Codes.Count == 0, answer.Body);
        var key = answer.Field.GetProperty("patientKey");
        return (key.GetProperty("id").GetGuid(), key.GetProperty("pseudonym").GetString()!);
    }

    public static async Task SignAsync(this ApiClient client, Guid patient, Guid consent, VirtualPasskey passkey)
    {
        var toSign = (await client.SendAsync(Party.Patient(patient), ToSign, new { p = patient, d = consent })).Field.GetProperty("consentToSign");
        var answer = passkey.Gets(JsonElement.Parse(toSign.GetProperty("requestOptions").GetString()!));
        var signed = await client.SendAsync(Party.Patient(patient), Sign, new
        {
            c = Guid.NewGuid(), p = patient, d = consent, v = toSign.GetProperty("version").GetInt32(), e = toSign.GetProperty("expiresAt").GetString(), a = Assertion(answer),
        });
        Assert.True(signed.Codes.Count == 0, signed.Body);
    }

    public static async Task<Guid> KeyInUseAsync(this ApiClient client, Guid patient) =>
        (await client.KeysAsync(patient)).Single(key => key.GetProperty("retiredAt").ValueKind == JsonValueKind.Null).GetProperty("id").GetGuid();

    /// <summary>Waits until the ledger has all keys of a patient.</summary>
    public static async Task KeysOnLedgerAsync(this ApiClient client, Guid patient)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while ((await client.KeysAsync(patient)).Any(key => key.GetProperty("onLedger").GetString() == "ABSENT"))
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
    }

    private static async Task<IReadOnlyList<JsonElement>> KeysAsync(this ApiClient client, Guid patient) =>
        [.. (await client.SendAsync(Party.Patient(patient), State, new { p = patient })).Field.GetProperty("patientKeys").EnumerateArray()];

    private static object Assertion(string answer)
    {
        var response = JsonElement.Parse(answer).GetProperty("response");
        return new
        {
            authenticatorData = response.GetProperty("authenticatorData").GetString(), clientDataJSON = response.GetProperty("clientDataJSON").GetString(), signature = response.GetProperty("signature").GetString(),
        };
    }
}
