namespace TsVlm.VisionLanguage.Tests.Architecture;

/// <summary>
/// How far numbers may be from Hugging Face's and PEFT's; docs/verification.md states the same (tested). Each leaves a factor of three to
/// four over the largest difference that was found with the instruction sets SSE4, AVX2 and AVX-512 (in brackets), whose sums round
/// otherwise.
/// </summary>
internal static class Agreement
{
    /// <summary>Logits, hidden states and image features of the model, absolute (1.0e-5).</summary>
    public const double Logits = 3e-5;

    /// <summary>Losses of the model, absolute (3.3e-6).</summary>
    public const double Loss = 1e-5;

    /// <summary>Gradients of the model and of LoRA, relative to their norm (3.0e-6).</summary>
    public const double Gradients = 1e-5;

    /// <summary>Losses and gradient norms over six or eight steps of training, relative (7.1e-6).</summary>
    public const double Training = 3e-5;

    /// <summary>Logits with LoRA, absolute (1.3e-5).</summary>
    public const double LoraLogits = 5e-5;

    /// <summary>Logits with rank-stabilised LoRA, whose scale alpha / sqrt(rank) is larger, absolute (5.4e-5).</summary>
    public const double RsLoraLogits = 2e-4;

    /// <summary>Gradients of rank-stabilised LoRA, relative to their norm (9.5e-6).</summary>
    public const double RsLoraGradients = 3e-5;

    /// <summary>The same as <see cref="Training"/> with rank-stabilised LoRA, where rounding grows tenfold with each step (1.3e-3).</summary>
    public const double RsLoraTraining = 5e-3;
}
