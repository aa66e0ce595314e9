using System.Text.RegularExpressions;

namespace Hrms.Tidy.Tests;

/// <summary>An operator reads what an option is for and between which bounds it may lie, and a wrong one stops the start.</summary>
public sealed class OptionsTests
{
    private static readonly string[] Bounded = ["int", "long", "double", "TimeSpan"];

    private static readonly (string Place, string Type, bool Settable, string Above)[] Properties =
    [
        .. from path in Repository.ProductCode()
           where path.EndsWith("Options.cs", StringComparison.Ordinal)
           from Match found in Regex.Matches(
               Repository.Text(path), @"((?:^[ \t]+(?:///.*|\[[^\n]*\][ \t]*)\n)*)^[ \t]+((?:\[[^\n]*\] )?)public (?:required )?([\w<>?, ]+?) (\w+) \{ get; (set|init); \}",
               RegexOptions.Multiline)
           select ($"{path}: {found.Groups[4].Value}", found.Groups[3].Value, found.Groups[5].Value == "set", found.Groups[1].Value + found.Groups[2].Value),
    ];

    [Fact]
    public void EveryOption_SaysWhatItIsFor()
    {
        Assert.True(Properties.Length > 40);
        Offences.None(Properties.Where(option => !option.Above.Contains("<summary>", StringComparison.Ordinal)).Select(option => option.Place));
    }

    [Fact]
    public void EveryNumberAndTimeThatConfigurationSets_HasARange() => Offences.None(
        Properties.Where(option => option.Settable && Bounded.Contains(option.Type) && !option.Above.Contains("[Range(", StringComparison.Ordinal))
            .Select(option => option.Place));

    [Fact]
    public void EveryTextThatConfigurationMustSet_IsRequired() => Offences.None(
        Properties.Where(option => option is { Settable: true, Type: "string" } && !option.Above.Contains("[Required", StringComparison.Ordinal))
            .Select(option => option.Place));
}
