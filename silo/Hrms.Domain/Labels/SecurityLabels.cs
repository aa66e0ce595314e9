using Hrms.Contracts;

namespace Hrms.Domain.Labels;

/// <summary>What a record's security labels mean together: one confidentiality, and sensitivities beside it.</summary>
public static class SecurityLabels
{
    /// <summary>
    /// The highest of the confidentiality codes among the labels; a label of any other kind is a sensitivity and makes the datum restricted at least.
    /// Without labels: normal. The high-water mark of HL7's Data Segmentation for Privacy.
    /// </summary>
    public static Confidentiality ConfidentialityOf(IReadOnlyList<string> labels)
    {
        Confidentiality? highest = null;
        foreach (var label in labels)
        {
            var confidentiality = ConfidentialityCode(label) ?? Confidentiality.R;
            if (highest is null || confidentiality > highest)
                highest = confidentiality;
        }
        return highest ?? Confidentiality.N;
    }

    /// <summary>The confidentiality that a label names by its code; null when it is a sensitivity.</summary>
    public static Confidentiality? ConfidentialityCode(string label) => label switch
    {
        "U" => Confidentiality.U,
        "L" => Confidentiality.L,
        "M" => Confidentiality.M,
        "N" => Confidentiality.N,
        "R" => Confidentiality.R,
        "V" => Confidentiality.V,
        _ => null,
    };
}
