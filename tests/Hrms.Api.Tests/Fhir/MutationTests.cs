using Hrms.Api.Fhir;

namespace Hrms.Api.Tests.Fhir;

/// <summary>Whatever happens to a good Bundle on its way, the answer is a draft or a refusal, never an exception.</summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int Rounds = 5_000;

    private static readonly string Good = Given.Transaction(
        ("urn:oid:2.1", """
        {"resourceType":"Patient","id":"a","meta":{"profile":["http://x.example/p"]},"contained":[{"resourceType":"Organization","id":"o","name":"x"}],
         "text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"},
         "name":[{"family":"A","_family":{"extension":[{"url":"http://x.example/e","valueString":"b"}]},"given":["B","C"]}],
         "managingOrganization":{"reference":"#o"},"birthDate":"1970-01-01"}
        """),
        ("urn:oid:2.2", """
        {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1-8"}]},
         "subject":{"reference":"urn:oid:2.1"},"performer":[{"reference":"Practitioner?identifier=s|v"}],
         "effectivePeriod":{"start":"2020"},"valueQuantity":{"value":1.00,"unit":"mg"},"component":[{"code":{"text":"x"},"valueInteger":1}]}
        """));

    private static readonly string[] Junk =
    [
        "null", "true", "-1", "1e999", "[]", "{}", "\"\"", "[[]]", "[null]", "[[\"a\"]]", "{\"\":1}", "{\"a\":null}", "\"\\ud800\"", "\"\\u0000\"",
        "99999999999999999999", "\"2020-99-99\"", "\"0001-01-01T00:00:00+14:00\"", "{\"resourceType\":\"Patient\"}", "{\"reference\":7}",
        "\"?identifier=|\"", "\"Practitioner?identifier=|\"", "\"/\"", "\"#\"", "\"http:\"", "\"urn:\"", "\"%\"",
    ];

    [Fact]
    public void Read_OfDamagedBundles_NeverThrows()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var json = Good;
            for (var damage = chance.Next(1, 4); damage > 0; damage--)
                json = Damage(json, chance);
            try
            {
                if (FhirReader.Read(Given.Utf8(json), Given.Command).Succeeded) accepted++;
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}, round {round}: {failure}\n{json}");
            }
        }
        Assert.InRange(accepted, 1, Rounds - 1);        // else the damage is too small or too great to show anything
    }

    private static string Damage(string json, Random chance)
    {
        var at = chance.Next(json.Length);
        switch (chance.Next(4))
        {
            case 0:
                return json.Insert(at, ((char)chance.Next(32, 127)).ToString());
            case 1:
                return json.Remove(at, Math.Min(chance.Next(1, 6), json.Length - at));
            default:
                var start = json.IndexOf(':', at) + 1;
                var end = json.IndexOfAny([',', '}', ']'], start);
                return end < 0 ? json : json[..start] + Junk[chance.Next(Junk.Length)] + json[end..];
        }
    }
}
