using System.Globalization;
using TsVlm.Tests;

namespace TsVlm.VisionLanguage.Tests.Architecture;

public sealed class AgreementTests
{
    [Fact]
    public void The_documentation_claims_the_agreement_that_is_tested()
    {
        var rows = File.ReadLines(Path.Combine(TestFolders.Repository, "docs", "verification.md")).ToList();
        Assert.Equal(
            $"logits and hidden states within {Text(Agreement.Logits)}, losses within {Text(Agreement.Loss)}, gradients within "
            + $"{Text(Agreement.Gradients)} relative, losses over six steps of training within {Text(Agreement.Training)} relative, greedy tokens equal",
            Cell("LLaVA model, tiny fixtures"));
        Assert.Equal(
            $"logits within {Text(Agreement.LoraLogits)}, gradients within {Text(Agreement.Gradients)} relative, losses over eight steps of training within "
            + $"{Text(Agreement.Training)} relative; rank-stabilised: {Text(Agreement.RsLoraLogits)}, {Text(Agreement.RsLoraGradients)} and "
            + $"{Text(Agreement.RsLoraTraining)}; greedy tokens equal", Cell("LoRA adapters"));

        string Cell(string subject) => rows.Single(row => row.StartsWith($"| {subject} |", StringComparison.Ordinal)).Split('|')[3].Trim();
        static string Text(double tolerance) => tolerance.ToString("0e-0", CultureInfo.InvariantCulture);
    }
}
