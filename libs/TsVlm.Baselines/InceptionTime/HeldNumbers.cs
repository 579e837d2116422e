using TorchSharp;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// Numbers for libtorch that live as long as the process: one made on the spot may be freed while the call reads it (decision 9).
/// </summary>
internal static class HeldNumbers
{
    /// <summary>The factor of a sum's second term.</summary>
    public static Scalar One { get; } = 1L;
}
