using System.Text.Json;
using Hrms.Contracts;
using static Hrms.Api.Fhir.Consents.ConsentVocabulary;

namespace Hrms.Api.Fhir.Consents;

/// <summary>Reads one provision, nested ones left to <see cref="ConsentReader"/>. Each thing it can't hold ends it with its place.</summary>
internal sealed class ProvisionReader(JsonElement provision, string place)
{
    public static readonly string[] Known = ["type", "actor", "action", "securityLabel", "purpose", "class", "dataPeriod", "data", "modifierExtension"];

    private readonly List<JsonElement> _modifiers = [.. provision.Items("modifierExtension")];

    /// <param name="grantee">Whom it is about when it names no actor.</param>
    public Provision Read(Actor grantee)
    {
        ProvisionType type = provision.Text("type") switch
        {
            "permit" => ProvisionType.Permit,
            "deny" => ProvisionType.Deny,
            _ => throw new NotHeldException($"{place}.type", "A provision permits or denies: say which."),
        };
        var actors = provision.Items("actor").ToList();
        NotHeldException.If(actors.Count > 1, $"{place}.actor[1]", "A provision is about one actor. Make one provision for each, or name a Group or CareTeam.");
        return new Provision(
            type, actors.Count == 0 ? grantee : ActorReader.Read(actors[0], $"{place}.actor[0]"),
            Each("purpose", (purpose, at) => PurposeOfUse.Find(SystemOf(purpose, at), purpose.Text("code")) ?? throw Unknown(at)),
            [.. Each("action", Actions).SelectMany(actions => actions)], Data());
    }

    public Period? ReadPeriod(string name)
    {
        if (!provision.TryGetProperty(name, out var period))
            return null;
        NotHeldException.UnlessKnown(period, $"{place}.{name}", "start", "end");
        return new Period(Time(period, name, "start", FhirTime.ReadStart), Time(period, name, "end", FhirTime.ReadEnd));
    }

    public bool TakeFlag(string url) => Take(url) is { } flag
        && (flag.TryGetProperty("valueBoolean", out var value) && value.ValueKind == JsonValueKind.True ? true : throw Modifier(url));

    public DateTimeOffset? TakeKeepUntil() =>
        Take(KeepUntil) is { } keep ? FhirTime.ReadStart(keep.Text("valueDateTime") ?? "") ?? throw Modifier(KeepUntil) : null;

    public AccessFrequency? TakeFrequency()
    {
        if (Take(Frequency) is not { } often)
            return null;
        return often.TryGetProperty("valueTiming", out var timing) && timing.TryGetProperty("repeat", out var repeat)
            && repeat.EnumerateObject().Count() == 3 && repeat.TryGetProperty("frequency", out var frequency) && frequency.TryGetInt32(out var times)
            && repeat.TryGetProperty("period", out var period) && period.TryGetInt32(out var units) && ConsentReader.Units.TryGetValue(repeat.Text("periodUnit") ?? "", out var unit)
            ? new AccessFrequency(times, units, unit)
            : throw Modifier(Frequency);
    }

    /// <summary>A modifier that nobody took changes the meaning in a way that is not known here.</summary>
    public void RefuseTheRest() =>
        NotHeldException.If(_modifiers.Count > 0, $"{place}.modifierExtension", $"The extension {_modifiers.FirstOrDefault().Text("url")} changes what this means, and is not known here.");

    private DataFilter Data()
    {
        List<Confidentiality> confidentialities = [];
        List<string> labels = [];
        foreach (var (system, code) in Each("securityLabel", (label, at) => (System: SystemOf(label, at), Code: (at, label.Text("code")))))
        {
            if (system == ConfidentialitySystem)
                confidentialities.Add(FindName<Confidentiality>(code.Item2) ?? throw Unknown(code.at));
            else if (system == ActCode && code.Item2 is { } sensitivity)
                labels.Add(sensitivity);
            else
                throw Unknown(code.at);
        }
        var named = Each("data", DataReader.Read);
        List<SampleResolution> resolutions = [];
        while (Take(Resolution) is { } resolution)
            resolutions.Add(Find<SampleResolution>(resolution.Text("valueCode")) ?? throw Modifier(Resolution));
        var filter = new DataFilter(
            Each("class", (dataClass, at) => SystemOf(dataClass, at) == ClassSystem ? Find<DataClass>(dataClass.Text("code")) ?? throw Unknown(at) : throw Unknown(at)),
            [.. named.Where(one => one.Meaning == "instance").Select(one => new RecordId(one.Id))],
            [.. named.Where(one => one.Meaning == "authoredby").Select(one => new ProviderId(one.Id))],
            [.. named.Where(one => one.Meaning == "related").Select(one => new RecordId(one.Id))],
            labels, ReadPeriod("dataPeriod"), confidentialities.Count > 0 ? confidentialities : null, resolutions.Count > 0 ? resolutions : null);
        var together = TakeFlag(Together);
        NotHeldException.If(
            together != ConsentReader.NeedsTogether(filter), together ? $"{place}.modifierExtension" : place,
            together ? $"{Together} says nothing here. Leave it out."
            : "It is open whether these labels and confidentialities, authors and encounters, or instances and other criteria, must hold together. Make a provision of each.");
        return filter;
    }

    private static IEnumerable<AccessAction> Actions(JsonElement concept, string at)
    {
        NotHeldException.UnlessKnown(concept, at, "coding", "text");
        var codings = concept.Items("coding").ToList();
        NotHeldException.If(codings.Count != 1, $"{at}.coding", "An action has one code here.");
        var code = codings[0].Text("code");
        return SystemOf(codings[0], $"{at}.coding[0]") switch
        {
            ConsentAction when code == "access" => Access,
            ActionSystem when Find<AccessAction>(code) is { } action => [action],
            _ => throw Unknown($"{at}.coding[0]"),
        };
    }

    private DateTimeOffset? Time(JsonElement period, string name, string bound, Func<string, DateTimeOffset?> read) =>
        period.Text(bound) is { } text ? read(text) ?? throw new NotHeldException($"{place}.{name}.{bound}", "This is no date that can be held.") : null;

    private List<T> Each<T>(string name, Func<JsonElement, string, T> read) => [.. provision.Items(name).Select((item, i) => read(item, $"{place}.{name}[{i}]"))];

    private static string? SystemOf(JsonElement coding, string at)
    {
        NotHeldException.UnlessKnown(coding, at, "system", "code", "display");
        return coding.Text("system");
    }

    private JsonElement? Take(string url)
    {
        var at = _modifiers.FindIndex(modifier => modifier.Text("url") == url);
        if (at < 0)
            return null;
        var taken = _modifiers[at];
        _modifiers.RemoveAt(at);
        return taken;
    }

    private NotHeldException Modifier(string url) => new($"{place}.modifierExtension", $"The extension {url} has another value than it may have.");

    private static NotHeldException Unknown(string at) => new(at, "This code, or its system, is not known here. No provision can be decided by it.");
}
