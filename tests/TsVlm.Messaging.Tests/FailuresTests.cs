using System.Runtime.InteropServices;
using Azure;
using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Messaging.Tests;

public sealed class FailuresTests
{
    [Theory]
    [InlineData("CUDA error: an illegal memory access was encountered", true)]
    [InlineData("CUDA error: unspecified launch failure", true)]
    [InlineData("CUDA error: out of memory", false)]       // lower the batch: trying again would not mend it
    [InlineData("mat1 and mat2 shapes cannot be multiplied", false)]
    public void A_GPU_that_failed_is_lost_for_the_process_and_a_full_one_is_not(string message, bool isLost)
    {
        var error = new AggregateException(new TensorError(message));
        Assert.Equal((isLost, isLost), (Failures.IsLostDevice(error), Failures.IsTransient(error)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    public void A_store_that_is_away_or_busy_may_answer_later(int status, bool mayPass) =>
        Assert.Equal(mayPass, Failures.IsTransient(new RequestFailedException(status, "no")));

    [Fact]
    public void An_error_tells_which_artifact_is_missing_however_deep()
    {
        var key = new ArtifactKey(ArtifactKind.Samples, new string('a', 64));
        Assert.Equal(key, Failures.LostArtifact(
            new InvalidOperationException("around it", new AggregateException(new MissingArtifactException(key, "none")))));
        Assert.Null(Failures.LostArtifact(new ArtifactException("damaged")));
    }

    [Fact]
    public void Errors_made_for_people_are_told_as_they_are_and_others_with_their_type()
    {
        Assert.Equal("expected this, found that", ErrorText.Of(new ArtifactException("expected this, found that")));
        Assert.Equal("FormatException: no number", ErrorText.Of(new FormatException("no number")));
        Assert.Equal("TensorError: shapes differ", ErrorText.Of(new TensorError("shapes differ")));
    }

    [Theory]
    [InlineData(28, true)]
    [InlineData(122, true)]
    [InlineData(unchecked((int)0x80070070), true)]
    [InlineData(2, false)]
    public void A_full_disk_is_recognised_by_its_code_however_deep(int code, bool isFull)
    {
        var error = new IOException("no room: /out/file", code);
        Assert.Equal(isFull, Failures.IsDiskFull(new InvalidOperationException("around it", error)));
        Assert.Equal(isFull ? error : null, Failures.DiskFullCause(new AggregateException(error)));
    }

    /// <summary>What TorchSharp throws is of that kind. Its namespace alone does not make its message one for people.</summary>
    private sealed class TensorError(string message) : ExternalException(message);
}
