using System.ComponentModel.DataAnnotations;
using Hrms.Api.Hosting;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Hosting;

/// <summary>An API in production is told which GraphQL documents it takes, or that it takes any: saying nothing is no answer.</summary>
[Trait("Feature", "67")]
public sealed class TrustedDocumentsTests
{
    [Fact]
    public void WithoutAWordOfDocuments_TheApiDoesNotStart() => Assert.Contains("Hrms__TrustedDocuments", Wrong(new HrmsApiOptions()), StringComparison.Ordinal);

    [Fact]
    public void AFolderAndAnyDocument_ContradictEachOther()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("not both", Wrong(new HrmsApiOptions { TrustedDocuments = folder.Path, AnyDocument = true }), StringComparison.Ordinal);
        Assert.Null(Wrong(new HrmsApiOptions { TrustedDocuments = folder.Path }));
        Assert.Null(Wrong(new HrmsApiOptions { AnyDocument = true }));
    }

    [Fact]
    public void AFolderThatIsNotThere_IsNamed() => Assert.Contains("/nowhere", Wrong(new HrmsApiOptions { TrustedDocuments = "/nowhere" }), StringComparison.Ordinal);

    /// <summary>What is said of an installation that is right otherwise; null: nothing.</summary>
    private static string? Wrong(HrmsApiOptions options)
    {
        (options.Membership, options.Authority) = ("Host=127.0.0.1", "https://identity.example");
        List<ValidationResult> wrong = [];
        return Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true) ? null : wrong.Single().ErrorMessage;
    }
}
