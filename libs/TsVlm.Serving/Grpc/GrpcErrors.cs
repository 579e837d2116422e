using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Grpc;

/// <summary>Errors as gRPC has them, with the messages that HTTP has.</summary>
/// <param name="log">Hears of failures.</param>
internal sealed partial class GrpcErrors(ILogger<GrpcErrors> log) : Interceptor
{
    /// <inheritdoc />
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (RequestException error)
        {
            var trailers = new Metadata();
            if (error.RetryAfter is { } later)
                trailers.Add("retry-after", Math.Ceiling(later.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            throw new RpcException(new(CodeOf(error.Status), error.Message), trailers);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new(StatusCode.Cancelled, "The caller left."));
        }
        catch (Exception error) when (error is not RpcException)
        {
            LogFailed(error, context.Method);
            throw new RpcException(new(StatusCode.Internal, error is IUserFacingError ? error.Message : "The server failed; its log says why."));
        }
    }

    private static StatusCode CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        _ => StatusCode.FailedPrecondition,
    };

    [LoggerMessage(LogLevel.Error, "{Method} failed.")]
    private partial void LogFailed(Exception error, string method);
}
