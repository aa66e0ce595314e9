using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hrms.Tidy.Tests;

/// <summary>Which project may lean on which, and which driver is known where.</summary>
public sealed class WhoKnowsWhomTests
{
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Hrms.Contracts"] = [],
        ["Hrms.Domain"] = ["Hrms.Contracts"],
        ["Hrms.Grains"] = ["Hrms.Contracts", "Hrms.Domain"],
        ["Hrms.Storage"] = ["Hrms.Domain"],
        ["Hrms.Ledger"] = ["Hrms.Domain"],
        ["Hrms.Embedded"] = [],
        ["Hrms.Silo"] = ["Hrms.Contracts", "Hrms.Domain", "Hrms.Grains", "Hrms.Storage", "Hrms.Ledger"],
        // Silo and Embedded for the embedded composition alone: see TheApi_KnowsTheSiloOnlyWhereItIsComposed.
        ["Hrms.Api"] = ["Hrms.Contracts", "Hrms.Silo", "Hrms.Embedded"],
        ["Hrms.Verifier"] = ["Hrms.Domain", "Hrms.Ledger"],
        ["Hrms.BesuKit"] = ["Hrms.Domain", "Hrms.Ledger"],
    };

    /// <summary>A package, its namespaces, and the only projects and files of the product that know it.</summary>
    private static readonly (string Package, string Pattern, string Projects, string Files)[] Drivers =
    [
        ("Npgsql", @"\bNpgsql(\b|[A-Z])", "^(silo/Hrms.Storage/|tests/|load/)", @"^(silo/Hrms\.Storage/|silo/Hrms\.Silo/Hosting/OrleansOverPostgres\.cs$|tests/|load/)"),
        ("BouncyCastle.Cryptography", @"\bOrg\.BouncyCastle\b", "^(silo/Hrms.Domain/|silo/Hrms.Ledger/)",
            @"^(silo/Hrms\.Domain/Proofs/(Keccak256|Chain/SignerRecovery)\.cs$|silo/Hrms\.Ledger/|tests/)"),
        ("GraphQL", @"\b(using|global::)\s*(static )?GraphQL(Parser)?\b|\bGraphQL\.(Types|Execution|Validation|Resolvers|MicrosoftDI|SystemTextJson)\b",
            "^api/", "^(api/GraphQL/|tests/)"),
        ("Npgsql.EntityFrameworkCore.PostgreSQL", @"\bUseNpgsql\b|\bMicrosoft\.EntityFrameworkCore\b", "^api/", "^(api/Identity/|tests/)"),
        ("OpenIddict", @"\bOpenIddict(\b|[A-Z])", "^api/", @"^(api/Identity/|api/Auth/HrmsAuthExtensions\.cs$|tests/)"),
        ("Hl7.Fhir.R4", @"\bHl7\.Fhir\b(?!\.R4<)", "^api/", "^(api/Fhir/|tests/)"),
    ];

    public static TheoryData<string> ProductProjects => [.. Repository.EndingWith(".csproj").Where(path => !path.StartsWith("tests/", StringComparison.Ordinal))];

    public static TheoryData<string> Packages => [.. Drivers.Select(driver => driver.Package)];

    [Theory, MemberData(nameof(ProductProjects))]
    public void AProject_ReferencesOnlyWhatItMay(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        if (project.StartsWith("load/", StringComparison.Ordinal))
            return;
        Assert.True(Projects.TryGetValue(name, out var allowed), $"{name} is new: say here what it may reference.");
        var referenced = XDocument.Load(Repository.Full(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Offences.None(referenced.Except(allowed));
    }

    [Theory, MemberData(nameof(Packages))]
    public void ADriver_IsKnownInOnePlace(string package)
    {
        var driver = Drivers.Single(driver => driver.Package == package);
        Offences.None(Repository.EndingWith(".csproj")
            .Where(project => Packaged(project).Any(id => id == package || id.StartsWith($"{package}.", StringComparison.Ordinal)))
            .Where(project => !Regex.IsMatch(project, driver.Projects)));
        Offences.None(Repository.EndingWith(".cs")
            .Where(path => path != ThisFile && !Regex.IsMatch(path, driver.Files))
            .SelectMany(path => Code(path).Where(line => Regex.IsMatch(line.Text, driver.Pattern)).Select(line => $"{path}:{line.Number}")));
    }

    [Fact]
    public void TheApi_KnowsTheSiloOnlyWhereItIsComposed() => Offences.None(
        from path in Repository.EndingWith(".cs")
        where path.StartsWith("api/", StringComparison.Ordinal) && !path.StartsWith("api/Hosting/", StringComparison.Ordinal)
        from line in Code(path)
        where Regex.IsMatch(line.Text, @"\bHrms\.(Silo|Embedded|Grains|Storage|Ledger|Domain)\b")
        select $"{path}:{line.Number}");

    [Fact]
    public void TheRules_HaveNoClockNoWaitingNoLoggerAndNoActors() => Offences.None(
        from path in Repository.EndingWith(".cs")
        where path.StartsWith("silo/Hrms.Domain/", StringComparison.Ordinal)
        from line in Code(path)
        where Regex.IsMatch(line.Text, @"\bawait\b|\bILogger\b|\bTimeProvider\b|\bIGrainFactory\b|\bGrain\b|\bSystem\.Data\b|\bHttpClient\b")
        select $"{path}:{line.Number}: {line.Text.Trim()}");

    private const string ThisFile = "tests/Hrms.Tidy.Tests/WhoKnowsWhomTests.cs";

    private static IEnumerable<string> Packaged(string project) =>
        XDocument.Load(Repository.Full(project)).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value)
            .Where(id => id is not ("Npgsql.OpenTelemetry" or "Npgsql.EntityFrameworkCore.PostgreSQL"));

    /// <summary>The lines without comments and without what stands in strings: a name in words is no use of it.</summary>
    private static IEnumerable<(int Number, string Text)> Code(string path) => Repository.Lines(path)
        .Select((line, i) => (i + 1, Regex.Replace(Regex.Replace(line, "\"[^\"]*\"", "\"\""), "//.*", "")));
}
