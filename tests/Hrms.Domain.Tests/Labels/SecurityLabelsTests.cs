using Hrms.Contracts;
using Hrms.Domain.Labels;

namespace Hrms.Domain.Tests.Labels;

/// <summary>What labels mean together: the highest confidentiality, and restricted at least with any sensitivity (HL7 Data Segmentation for Privacy).</summary>
public sealed class SecurityLabelsTests
{
    [Theory]
    [InlineData("U", Confidentiality.U)]
    [InlineData("L", Confidentiality.L)]
    [InlineData("M", Confidentiality.M)]
    [InlineData("N", Confidentiality.N)]
    [InlineData("R", Confidentiality.R)]
    [InlineData("V", Confidentiality.V)]
    [InlineData("HIV", Confidentiality.R)]
    [InlineData("", Confidentiality.N)]
    [InlineData("N HIV", Confidentiality.R)]
    [InlineData("HIV N", Confidentiality.R)]
    [InlineData("V HIV", Confidentiality.V)]
    [InlineData("U M L", Confidentiality.M)]
    public void TheHighest_Counts(string labels, Confidentiality expected) =>
        Assert.Equal(expected, SecurityLabels.ConfidentialityOf(labels.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("R", Confidentiality.R)]
    [InlineData("HIV", null)]
    [InlineData("", null)]
    public void ASensitivity_IsNoConfidentiality(string label, Confidentiality? expected) => Assert.Equal(expected, SecurityLabels.ConfidentialityCode(label));
}
